/**
 * From statistics to models: ridge read-outs, the choice of their penalty by every exact measure of
 * error that the statistics hold, and probability calibration; on the driver and in pure Java.
 *
 * <p>Entry classes: {@link org.snnk.solve.RidgeSolver} for one penalty, {@link
 * org.snnk.solve.RidgePath} for many, {@link org.snnk.solve.RidgeIteration} where there is no Gram
 * matrix. Imports {@code linalg} and {@code statistics}; no Spark.
 */
package org.snnk.solve;
