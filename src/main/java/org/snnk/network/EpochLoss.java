package org.snnk.network;

import java.io.Serializable;

/**
 * A point of the learning curve.
 *
 * @param epoch 1 for the first
 * @param training mean loss over the epoch's batches, each before its step
 * @param validation mean loss on the validation part after the epoch; NaN without one
 * @param accuracy on the validation part; NaN without one and for reals
 */
public record EpochLoss(int epoch, double training, double validation, double accuracy)
    implements Serializable {}
