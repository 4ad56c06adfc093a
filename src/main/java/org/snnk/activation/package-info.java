/**
 * Activations: value, derivative and spectrum, which is what random features of a layer are drawn
 * from.
 *
 * <p>Entry class: {@link org.snnk.activation.Activation}. Imports {@code linalg}, for formulas that
 * other programs compute.
 */
package org.snnk.activation;
