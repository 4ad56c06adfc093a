/**
 * Arithmetic on blocks: exact sums, the grid, the BLAS backend, row blocks, and Cholesky factors
 * through EJML.
 *
 * <p>Imports the JDK, EJML and netlib; no Spark. Matrices are row-major {@code double[]}.
 */
package org.snnk.linalg;
