/**
 * Arithmetic on blocks: exact sums, the grid, the BLAS backend, row blocks, and factorisations of
 * symmetric matrices whose bits no machine changes.
 *
 * <p>Imports the JDK, EJML and netlib; no Spark. Matrices are row-major {@code double[]}.
 */
package org.snnk.linalg;
