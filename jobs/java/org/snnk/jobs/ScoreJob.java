package org.snnk.jobs;

import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.snnk.model.Model;
import org.snnk.spark.data.Roles;
import org.snnk.spark.data.ScoredRows;
import org.snnk.spark.data.Table;
import org.snnk.spark.data.TableReader;

/** Scores rows with a saved model. */
final class ScoreJob implements Job {
  @Override
  public String name() {
    return "score";
  }

  @Override
  public String description() {
    return "Score rows with a saved model: Parquet with keys, prediction and probability";
  }

  @Override
  public void run(JobContext context) {
    context.output().refuseToReplace(Options.MODEL_PATH.key(), context.get(Options.MODEL_PATH));
    Model model =
        ModelFolder.read(context.get(Options.MODEL_PATH), JobContext.hadoopConfiguration());
    DataSettings data = new DataSettings(context);
    JobRecord record = new JobRecord(context);
    TableReader reader = data.open();
    Roles roles = new Roles(model.inputNames(), List.of(), List.of(), null);
    List<String> keys = context.get(Options.KEYS);
    Table table = reader.table(roles, keys);
    Dataset<Row> scored = ScoredRows.of(table, model, keys);
    CheckedRows checked = CheckedRows.observe(scored, ScoredRows.ERROR);
    try (Phase phase = context.progress().phase("score")) {
      checked.rows().write().parquet(context.output().resolve("scores").toString());
    }
    checked.require("table to score", data.dropInvalid());
    record.title(data.title() + ": scores of a saved model");
    record.data(data, reader.files());
    record.record().put("data.rows", "scored", checked.good());
    record.record().put("data.rows", "dropped", checked.bad());
    record.model(model);
    record.write();
  }
}
