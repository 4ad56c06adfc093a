package org.snnk.jobs;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.OutputStream;
import org.snnk.model.Model;
import org.snnk.onnx.ElementType;
import org.snnk.onnx.OnnxModel;
import org.snnk.report.Json;

/** Writes a saved model as ONNX, for programs that know nothing of this one. Needs no Spark. */
final class ExportJob implements Job {
  /** What the file takes and gives. */
  static final String CARD = "card.json";

  @Override
  public String name() {
    return "export";
  }

  @Override
  public String description() {
    return "Write a saved model as ONNX for other runtimes: model.onnx and card.json";
  }

  @Override
  public void run(JobContext context) throws IOException {
    context.output().refuseToReplace(Options.MODEL_PATH.key(), context.get(Options.MODEL_PATH));
    Model model =
        ModelFolder.read(context.get(Options.MODEL_PATH), JobContext.hadoopConfiguration());
    OnnxModel onnx = OnnxModel.of(model, ElementType.of(context.get(Options.EXPORT_PRECISION)));
    try (OutputStream out = context.output().create(OnnxModel.FILE)) {
      out.write(onnx.bytes());
    }
    context.output().write(CARD, Json.write(new ObjectMapper().valueToTree(onnx.card())));
  }
}
