/**
 * How far kernels are from the layers that they replace: {@link org.snnk.jobs.kernel.KernelErrors}
 * measures {@link org.snnk.jobs.kernel.Subject}s in tasks of Spark.
 */
package org.snnk.jobs.kernel;
