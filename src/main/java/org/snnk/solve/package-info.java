/**
 * From statistics to models: ridge read-outs and probability calibration, on the driver and in pure
 * Java.
 *
 * <p>Entry class: {@link org.snnk.solve.RidgeSolver}. Imports {@code linalg} and {@code
 * statistics}; no Spark.
 */
package org.snnk.solve;
