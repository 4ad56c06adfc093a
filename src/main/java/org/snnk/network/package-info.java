/**
 * Networks of dense layers and scalable neural network kernels: a specification, a flat vector of
 * parameters, back-propagation on blocks, optimisers, and the steps that one shard of the rows
 * takes between two synchronisations.
 *
 * <p>Entry classes: {@link org.snnk.network.Network} and {@link org.snnk.network.LocalTraining}.
 * Imports {@code linalg}, {@code random}, {@code activation}, {@code feature} and {@code loss}; no
 * Spark.
 */
package org.snnk.network;
