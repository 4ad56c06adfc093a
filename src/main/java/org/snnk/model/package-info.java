/**
 * What is saved and what scores, with no engine on the class path.
 *
 * <p>Entry class: {@link org.snnk.model.Model}. Imports {@code linalg}, {@code feature}, {@code
 * statistics} (for the scale of targets), {@code loss} and {@code network}; no Spark.
 */
package org.snnk.model;
