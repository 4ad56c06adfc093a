package org.snnk.spark.data;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.rdd.RDD;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.Alias;
import org.apache.spark.sql.catalyst.expressions.Attribute;
import org.apache.spark.sql.catalyst.expressions.AttributeSet;
import org.apache.spark.sql.catalyst.expressions.Cast;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.NamedExpression;
import org.apache.spark.sql.catalyst.expressions.UnsafeProjection;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import org.apache.spark.sql.catalyst.types.DataTypeUtils$;
import org.apache.spark.sql.classic.SparkSession;
import org.apache.spark.sql.execution.SparkPlan;
import org.apache.spark.sql.execution.SparkStrategy;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import scala.collection.immutable.IndexedSeq;
import scala.collection.immutable.Seq;
import scala.jdk.javaapi.CollectionConverters;

/**
 * A plan node that appends columns to rows, made for a batch of rows at a time.
 *
 * <p>A user-defined function sees one row at a time, and {@code mapPartitions} turns every column
 * of a row into objects and back. This node reads Spark's binary rows and writes binary rows: of a
 * batch it keeps the bytes, and joins them with the new values. Spark prunes columns through it,
 * and keeps the identity of the others. It holds no state, so it works on streams too.
 */
public final class AppendColumns extends LogicalPlan {
  private static final long serialVersionUID = 1L;

  private final LogicalPlan child;
  private final Seq<Expression> inputs;
  private final Seq<Attribute> added;
  private final Work work;

  /**
   * What every task needs.
   *
   * @param inputs how to read a row
   * @param function sent once to each executor
   */
  record Work(Inputs inputs, InvalidRows invalid, Broadcast<? extends BatchFunction> function)
      implements java.io.Serializable {}

  /** Spark makes copies through this constructor. */
  public AppendColumns(
      LogicalPlan child, Seq<Expression> inputs, Seq<Attribute> added, Object work) {
    this.child = child;
    this.inputs = inputs;
    this.added = added;
    this.work = (Work) work;
  }

  /**
   * A table with more columns.
   *
   * @param inputs columns of the table, which the caller has checked
   * @param fields the new columns; a column of the same name is replaced
   */
  public static Dataset<Row> to(
      Dataset<?> table,
      Inputs inputs,
      List<StructField> fields,
      InvalidRows invalid,
      BatchFunction function) {
    org.apache.spark.sql.classic.Dataset<?> rows = (org.apache.spark.sql.classic.Dataset<?>) table;
    SparkSession session = rows.sparkSession();
    Planner.install(session);
    LogicalPlan plan = rows.queryExecution().analyzed();
    List<Expression> read = new ArrayList<>();
    for (String column : inputs.columns()) {
      Expression found =
          (Expression)
              plan.resolve(seq(List.of(column)), session.sessionState().conf().resolver()).get();
      read.add(
          inputs.vector() != null || found.dataType().equals(DataTypes.DoubleType)
              ? found
              : new Cast(found, DataTypes.DoubleType, scala.Option.empty()));
    }
    List<Attribute> attributes = new ArrayList<>();
    fields.forEach(field -> attributes.add(DataTypeUtils$.MODULE$.toAttribute(field)));
    Broadcast<BatchFunction> sent =
        session
            .sparkContext()
            .broadcast(function, scala.reflect.ClassTag$.MODULE$.apply(BatchFunction.class));
    AppendColumns node =
        new AppendColumns(plan, seq(read), seq(attributes), new Work(inputs, invalid, sent));
    return org.apache.spark.sql.classic.Dataset$.MODULE$.ofRows(
        session, project(node, plan, attributes, session));
  }

  /**
   * The columns in the order of {@code withColumn}. New ones get a name of their own here, so that
   * a table can be joined with itself: Spark gives such names anew, those of the node it cannot.
   */
  private static LogicalPlan project(
      AppendColumns node, LogicalPlan plan, List<Attribute> added, SparkSession session) {
    var same = session.sessionState().conf().resolver();
    List<NamedExpression> columns = new ArrayList<>();
    List<Attribute> left = new ArrayList<>(added);
    for (Attribute old : CollectionConverters.asJava(plan.output())) {
      Attribute replaced = null;
      for (Attribute candidate : left) {
        if ((Boolean) same.apply(candidate.name(), old.name())) {
          replaced = candidate;
        }
      }
      if (replaced == null) {
        columns.add(old);
      } else {
        left.remove(replaced);
        columns.add(named(replaced));
      }
    }
    left.forEach(attribute -> columns.add(named(attribute)));
    return new org.apache.spark.sql.catalyst.plans.logical.Project(seq(columns), node);
  }

  private static Alias named(Attribute attribute) {
    return new Alias(
        attribute,
        attribute.name(),
        NamedExpression.newExprId(),
        seq(List.<String>of()),
        scala.Option.apply(attribute.metadata()),
        seq(List.<String>of()));
  }

  private static <T> Seq<T> seq(List<T> list) {
    return CollectionConverters.asScala(list).toSeq();
  }

  private static Seq<Attribute> joined(Seq<Attribute> below, Seq<Attribute> added) {
    List<Attribute> all = new ArrayList<>(CollectionConverters.asJava(below));
    all.addAll(CollectionConverters.asJava(added));
    return seq(all);
  }

  private static AttributeSet setOf(Seq<Attribute> attributes) {
    return AttributeSet.fromAttributeSets(
        seq(CollectionConverters.asJava(attributes).stream().map(AttributeSet::apply).toList()));
  }

  @Override
  public Seq<LogicalPlan> children() {
    return seq(List.of(child));
  }

  @Override
  public Seq<Attribute> output() {
    return joined(child.output(), added);
  }

  @Override
  public AttributeSet producedAttributes() {
    return setOf(added);
  }

  @Override
  public LogicalPlan withNewChildrenInternal(IndexedSeq<LogicalPlan> newChildren) {
    return new AppendColumns(newChildren.head(), inputs, added, work);
  }

  @Override
  public int productArity() {
    return 4;
  }

  @Override
  public Object productElement(int n) {
    return switch (n) {
      case 0 -> child;
      case 1 -> inputs;
      case 2 -> added;
      case 3 -> work;
      default -> throw new IndexOutOfBoundsException(n);
    };
  }

  @Override
  public boolean canEqual(Object other) {
    return other instanceof AppendColumns;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof AppendColumns that
        && child.equals(that.child)
        && inputs.equals(that.inputs)
        && added.equals(that.added)
        && work.equals(that.work);
  }

  @Override
  public int hashCode() {
    return java.util.Objects.hash(child, inputs, added, work);
  }

  /** Knows how the node is executed; a session is told once. */
  private static final class Planner extends SparkStrategy {
    private static final Planner INSTANCE = new Planner();

    static void install(SparkSession session) {
      synchronized (INSTANCE) {
        Seq<SparkStrategy> known = session.experimental().extraStrategies();
        if (!known.contains(INSTANCE)) {
          List<SparkStrategy> more = new ArrayList<>(CollectionConverters.asJava(known));
          more.add(INSTANCE);
          session.experimental().extraStrategies_$eq(seq(more));
        }
      }
    }

    @Override
    public Seq<SparkPlan> apply(LogicalPlan plan) {
      if (plan instanceof AppendColumns node) {
        return seq(List.<SparkPlan>of(exec(node, node.child.output(), node.added)));
      }
      if (plan instanceof org.apache.spark.sql.catalyst.plans.logical.Project project
          && project.child() instanceof AppendColumns node) {
        AttributeSet used = project.references();
        return seq(
            List.<SparkPlan>of(
                new org.apache.spark.sql.execution.ProjectExec(
                    project.projectList(),
                    exec(node, among(used, node.child.output()), among(used, node.added)))));
      }
      return seq(List.<SparkPlan>of());
    }

    private Exec exec(AppendColumns node, Seq<Attribute> kept, Seq<Attribute> made) {
      return new Exec(planLater(node.child), node.inputs, node.added, kept, made, node.work);
    }

    private static Seq<Attribute> among(AttributeSet used, Seq<Attribute> attributes) {
      return seq(CollectionConverters.asJava(attributes).stream().filter(used::contains).toList());
    }
  }

  /** Runs the node; of the child's columns and the new ones it gives those that are used. */
  public static final class Exec extends SparkPlan {
    private static final long serialVersionUID = 1L;

    private final SparkPlan child;
    private final Seq<Expression> inputs;
    private final Seq<Attribute> added;
    private final Seq<Attribute> kept;
    private final Seq<Attribute> made;
    private final Work work;

    /** Spark makes copies through this constructor. */
    public Exec(
        SparkPlan child,
        Seq<Expression> inputs,
        Seq<Attribute> added,
        Seq<Attribute> kept,
        Seq<Attribute> made,
        Object work) {
      this.child = child;
      this.inputs = inputs;
      this.added = added;
      this.kept = kept;
      this.made = made;
      this.work = (Work) work;
    }

    @Override
    public Seq<SparkPlan> children() {
      return seq(List.of(child));
    }

    @Override
    public Seq<Attribute> output() {
      return joined(kept, made);
    }

    @Override
    public AttributeSet producedAttributes() {
      return setOf(added);
    }

    @Override
    public org.apache.spark.sql.catalyst.plans.physical.Partitioning outputPartitioning() {
      return child.outputPartitioning();
    }

    @Override
    public Seq<org.apache.spark.sql.catalyst.expressions.SortOrder> outputOrdering() {
      return child.outputOrdering();
    }

    @Override
    public RDD<InternalRow> doExecute() {
      Seq<Expression> read = inputs;
      Seq<Attribute> below = child.output();
      Seq<Attribute> given = kept;
      Seq<Attribute> values = added;
      Seq<Attribute> out = output();
      Work todo = work;
      return child
          .execute()
          .toJavaRDD()
          .<InternalRow>mapPartitions(
              rows -> rows(rows, read, below, given, values, out, todo), true)
          .rdd();
    }

    private static Iterator<InternalRow> rows(
        Iterator<InternalRow> rows,
        Seq<Expression> read,
        Seq<Attribute> below,
        Seq<Attribute> kept,
        Seq<Attribute> added,
        Seq<Attribute> output,
        Work work) {
      return new BatchedRows(
          rows,
          work.inputs,
          work.invalid,
          work.function.value().start(),
          UnsafeProjection.create(read, below),
          kept.size() < below.size(),
          UnsafeProjection.create(castUp(kept), below),
          UnsafeProjection.create(castUp(output), joined(kept, added)),
          kept.size(),
          added.size());
    }

    private static Seq<Expression> castUp(Seq<Attribute> attributes) {
      return seq(new ArrayList<Expression>(CollectionConverters.asJava(attributes)));
    }

    @Override
    public SparkPlan withNewChildrenInternal(IndexedSeq<SparkPlan> newChildren) {
      return new Exec(newChildren.head(), inputs, added, kept, made, work);
    }

    @Override
    public int productArity() {
      return 6;
    }

    @Override
    public Object productElement(int n) {
      return switch (n) {
        case 0 -> child;
        case 1 -> inputs;
        case 2 -> added;
        case 3 -> kept;
        case 4 -> made;
        case 5 -> work;
        default -> throw new IndexOutOfBoundsException(n);
      };
    }

    @Override
    public boolean canEqual(Object other) {
      return other instanceof Exec;
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof Exec that
          && child.equals(that.child)
          && inputs.equals(that.inputs)
          && added.equals(that.added)
          && kept.equals(that.kept)
          && made.equals(that.made)
          && work.equals(that.work);
    }

    @Override
    public int hashCode() {
      return java.util.Objects.hash(child, inputs, added, kept, made, work);
    }
  }
}
