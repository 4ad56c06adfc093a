/**
 * Maps from inputs to random features, a block of rows at a time, on the grid of the exact
 * statistics.
 *
 * <p>Entry classes: {@link org.snnk.feature.Featurizer} (raw inputs to features) and {@link
 * org.snnk.feature.FeatureMap}. Imports {@code linalg} and {@code random}; no Spark.
 */
package org.snnk.feature;
