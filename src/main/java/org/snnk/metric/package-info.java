/**
 * Mergeable summaries of scored rows and the figures read from them.
 *
 * <p>A summary is filled on an executor, one row or one block at a time, merged in any order, and
 * read once on the driver. Real sums are {@link org.snnk.linalg.ExactSum exact}, or of terms that
 * are cut to a fixed unit row by row, and everything else is a count, a minimum or a maximum, so
 * the figures do not depend on partitions, on the order of rows or on retries. A figure that is not
 * defined (one class only, no rows, no weight) says why instead of dividing by zero: {@link
 * org.snnk.metric.Figure}.
 *
 * <p>Entry classes: {@link org.snnk.metric.ClassificationSummary}, {@link
 * org.snnk.metric.RegressionSummary}. Imports the JDK, {@code org.snnk.linalg.ExactSum} and {@code
 * org.snnk.SnnkException}; no Spark.
 */
package org.snnk.metric;
