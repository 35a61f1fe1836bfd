package org.lnsd.daemon.config;

import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/** Which line of the file a line of a part of it is; lines count from 1. */
final class LineMap {

    /** Of a part that is the whole file. */
    static final LineMap WHOLE = startingAt(1);

    /** By the first line of a run of lines in the part, the line of the file that it is. */
    private final NavigableMap<Integer, Integer> runs = new TreeMap<>();

    /** A part in one piece that begins with this line of the file. */
    static LineMap startingAt(int fileLine) {
        LineMap map = new LineMap();
        map.run(1, fileLine);
        return map;
    }

    /** From line {@code partLine} on, the part is what the file is from {@code fileLine} on. */
    void run(int partLine, int fileLine) {
        runs.put(partLine, fileLine);
    }

    int inFile(int partLine) {
        Map.Entry<Integer, Integer> run = runs.floorEntry(partLine);
        return run == null ? partLine : run.getValue() + partLine - run.getKey();
    }
}
