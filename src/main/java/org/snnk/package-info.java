/**
 * Scalable neural network kernels on Apache Spark.
 *
 * <p>Symbols, the same in every room: n rows, d inputs, m random features, k outputs; X (n×d)
 * inputs, Ω (d×m) frequencies, Φ (n×m) features, Y (n×k) targets, G = ΦᵀΦ, C = ΦᵀY, W (m×k)
 * read-out weights, b (k) intercepts, λ the ridge penalty on the mean squared error. All matrices
 * are row-major {@code double[]}.
 *
 * <p>The rooms, in the order in which a row passes them: {@code dataset}, {@code spark.data},
 * {@code statistics}, {@code feature}, {@code spark.train}, {@code solve} or {@code loss} and
 * {@code network}, {@code model}, {@code metric}, {@code report}; below them {@code linalg}, {@code
 * random} and {@code activation}. Only {@code spark} rooms and the jobs know Spark; a test holds
 * the walls.
 */
package org.snnk;
