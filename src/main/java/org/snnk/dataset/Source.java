package org.snnk.dataset;

/**
 * Where a set comes from.
 *
 * @param address of the publisher's page
 * @param citation how to name it in a publication
 * @param licence under which it may be used
 */
public record Source(String address, String citation, String licence) {}
