/**
 * What a row's scores cost, with the gradient.
 *
 * <p>Entry class: {@link org.snnk.loss.Loss}. Imports nothing but the root; no Spark.
 */
package org.snnk.loss;
