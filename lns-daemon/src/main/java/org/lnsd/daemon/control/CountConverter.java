package org.lnsd.daemon.control;

import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads how many of something: 0 to a billion. */
final class CountConverter implements ITypeConverter<Integer> {

    private static final int MAXIMUM_DIGITS = 9;

    @Override
    public Integer convert(String text) {
        if (text.isEmpty() || text.length() > MAXIMUM_DIGITS || !text.chars().allMatch(c -> c >= '0' && c <= '9')) {
            throw new TypeConversionException("'" + text + "' is no count, a number from 0 to 999999999 expected");
        }
        return Integer.valueOf(text);
    }
}
