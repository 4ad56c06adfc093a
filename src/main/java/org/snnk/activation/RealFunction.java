package org.snnk.activation;

import java.io.Serializable;
import java.util.function.DoubleUnaryOperator;

/** A function of one real number that can be sent to executors. */
@FunctionalInterface
public interface RealFunction extends DoubleUnaryOperator, Serializable {}
