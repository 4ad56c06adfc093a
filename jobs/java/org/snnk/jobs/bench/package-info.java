/**
 * What {@code jobs/snnk bench} measures: each figure beside what it is divided by, both in one run
 * on one machine.
 *
 * <p>{@link org.snnk.jobs.bench.Bench} runs the measures. No arithmetic of the library is repeated
 * here but in {@link org.snnk.jobs.bench.PlainGram}, which is the thing to compare with.
 */
package org.snnk.jobs.bench;
