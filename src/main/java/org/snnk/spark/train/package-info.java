/**
 * The distributed loops: what is computed in a partition, and how partial results meet.
 *
 * <p>Entry classes: {@link org.snnk.spark.train.ClosedFormTraining} and {@link
 * org.snnk.spark.train.Scoring}. Ordinary retryable tasks only; all arithmetic is in the rooms
 * without Spark.
 */
package org.snnk.spark.train;
