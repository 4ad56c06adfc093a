/**
 * Stages for Spark ML pipelines: {@link org.snnk.spark.ml.SnnkRegressor}, {@link
 * org.snnk.spark.ml.SnnkClassifier} and {@link org.snnk.spark.ml.RandomFeatures}, their models, and
 * {@link org.snnk.spark.ml.SnnkFunctions} for SQL.
 *
 * <p>A stage holds Params, checks columns and says which numbers become which column; training is
 * {@code spark.train}'s and all arithmetic that of rooms without Spark. Nobody but the jobs imports
 * this room.
 */
package org.snnk.spark.ml;
