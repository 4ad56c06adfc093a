/**
 * Exact, mergeable statistics of a table: what the closed-form training needs of the rows, and
 * nothing else of them.
 *
 * <p>Every statistic is a commutative group: {@code merge} is associative and commutative, {@code
 * subtract} undoes it, and both are exact, so partitions, order and retries leave no trace. Entry
 * classes: {@link org.snnk.statistics.Moments} and {@link org.snnk.statistics.GramStatistics}.
 * Imports {@code linalg} and {@code feature}; no Spark.
 */
package org.snnk.statistics;
