package org.snnk.onnx;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.DescriptorProtos.DescriptorProto;
import com.google.protobuf.DescriptorProtos.FieldDescriptorProto;
import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.Descriptors.DescriptorValidationException;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.FileDescriptor;
import com.google.protobuf.DynamicMessage;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import java.util.Locale;

/** The part of {@code onnx.proto} that is written, read by protobuf itself. */
final class OnnxFormat {
  private static final String SCHEMA =
      """
      ModelProto: ir_version=1 int64, producer_name=2 string, graph=7 GraphProto, \
      opset_import=8 *OperatorSetIdProto, metadata_props=14 *StringStringEntryProto
      OperatorSetIdProto: domain=1 string, version=2 int64
      StringStringEntryProto: key=1 string, value=2 string
      GraphProto: node=1 *NodeProto, name=2 string, initializer=5 *TensorProto, \
      input=11 *ValueInfoProto, output=12 *ValueInfoProto
      NodeProto: input=1 *string, output=2 *string, name=3 string, op_type=4 string, \
      attribute=5 *AttributeProto
      AttributeProto: name=1 string, i=3 int64, type=20 int32
      TensorProto: dims=1 *int64, data_type=2 int32, name=8 string, raw_data=9 bytes
      ValueInfoProto: name=1 string, type=2 TypeProto
      TypeProto: tensor_type=1 TypeTensor
      TypeTensor: elem_type=1 int32, shape=2 TensorShapeProto
      TensorShapeProto: dim=1 *Dimension
      Dimension: dim_value=1 int64, dim_param=2 string
      """;

  private OnnxFormat() {}

  /** Reads a file, and finds nothing in it that the format does not have. */
  static DynamicMessage read(byte[] bytes) {
    try {
      FileDescriptor file = FileDescriptor.buildFrom(schema(), new FileDescriptor[0]);
      DynamicMessage model =
          DynamicMessage.parseFrom(file.findMessageTypeByName("ModelProto"), bytes);
      requireKnown(model);
      return model;
    } catch (DescriptorValidationException | InvalidProtocolBufferException e) {
      throw new AssertionError(e);
    }
  }

  private static void requireKnown(Message message) {
    assertThat(message.getUnknownFields().asMap())
        .as(message.getDescriptorForType().getName())
        .isEmpty();
    message
        .getAllFields()
        .forEach(
            (field, value) -> {
              if (field.getType() == FieldDescriptor.Type.MESSAGE) {
                Iterable<?> all =
                    field.isRepeated() ? (Iterable<?>) value : java.util.List.of(value);
                all.forEach(each -> requireKnown((Message) each));
              }
            });
  }

  private static FileDescriptorProto schema() {
    FileDescriptorProto.Builder file =
        FileDescriptorProto.newBuilder().setName("onnx.proto").setSyntax("proto2");
    for (String line : SCHEMA.lines().toList()) {
      String[] parts = line.split(": ", -1);
      DescriptorProto.Builder message = DescriptorProto.newBuilder().setName(parts[0]);
      for (String field : parts[1].split(", ", -1)) {
        message.addField(field(field));
      }
      file.addMessageType(message);
    }
    return file.build();
  }

  private static FieldDescriptorProto field(String text) {
    String[] words = text.split("[= ]", -1);
    boolean repeated = words[2].startsWith("*");
    String type = repeated ? words[2].substring(1) : words[2];
    FieldDescriptorProto.Builder field =
        FieldDescriptorProto.newBuilder()
            .setName(words[0])
            .setNumber(Integer.parseInt(words[1]))
            .setLabel(
                repeated
                    ? FieldDescriptorProto.Label.LABEL_REPEATED
                    : FieldDescriptorProto.Label.LABEL_OPTIONAL);
    return Character.isUpperCase(type.charAt(0))
        ? field.setType(FieldDescriptorProto.Type.TYPE_MESSAGE).setTypeName(type).build()
        : field
            .setType(FieldDescriptorProto.Type.valueOf("TYPE_" + type.toUpperCase(Locale.ROOT)))
            .build();
  }
}
