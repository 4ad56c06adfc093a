/**
 * How far kernels are from the layers that they replace: {@link org.snnk.jobs.kernel.KernelErrors}
 * asks {@link org.snnk.feature.KernelError} in tasks of Spark.
 */
package org.snnk.jobs.kernel;
