/**
 * What is told about a run: {@code run.json}, {@code metrics.json} and the page made from both.
 *
 * <p>The two JSON documents are the record; {@link org.snnk.report.HtmlReport} reads nothing else,
 * so a page can be made again from them at any time. {@code metrics.json} holds no time, path or
 * machine, so equal models on equal rows give equal bytes.
 *
 * <p>Entry classes: {@link org.snnk.report.RunRecord}, {@link org.snnk.report.MetricsDocument},
 * {@link org.snnk.report.HtmlReport}. Imports {@code metric}, {@code dataset}, Jackson and
 * FreeMarker; no Spark.
 */
package org.snnk.report;
