/**
 * The jobs: what {@code jobs/snnk} submits to Spark, and how they are configured.
 *
 * <p>{@link org.snnk.jobs.Main} parses the command line, {@link org.snnk.jobs.Options} registers
 * every option, {@link org.snnk.jobs.Settings} resolves them, and a {@link org.snnk.jobs.Job} runs
 * in a {@link org.snnk.jobs.JobContext}. May import every other room and is imported by none; the
 * only room that may create a SparkSession or call System.exit.
 */
package org.snnk.jobs;
