/**
 * Counter-based random numbers: value = f(seed, stream, index), never of partitions, threads or
 * time.
 *
 * <p>Entry class: {@link org.snnk.random.CounterRandom}. Imports the JDK only. No other room may
 * use {@code java.util.Random} or {@code Math.random}.
 */
package org.snnk.random;
