/**
 * Activations: value, derivative and spectrum, which is what random features of a layer are drawn
 * from.
 *
 * <p>Entry class: {@link org.snnk.activation.Activation}. Imports the JDK only.
 */
package org.snnk.activation;
