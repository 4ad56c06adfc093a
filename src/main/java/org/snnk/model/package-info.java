/**
 * What is saved and what scores, with no engine on the class path.
 *
 * <p>Entry class: {@link org.snnk.model.FullyBundledModel}. Imports {@code linalg}, {@code feature}
 * and {@code statistics} (for the scale of targets); no Spark.
 */
package org.snnk.model;
