package io.streamhouse.cli.demo;

import io.streamhouse.cli.cluster.RunDirectory;
import io.streamhouse.cli.sql.WarehouseCatalog;
import java.util.Optional;

/**
 * What the user asks of one run of the demo.
 *
 * @param scale TPC-H scale factor of the input
 * @param seed decides times, cancellations, returns and which commits are drawn for time travel
 * @param warehouse where the tables go
 * @param run where everything else goes
 * @param sabotage the fault to plant, if any
 * @param crash whether the jobs run in a process that is killed again and again
 */
public record DemoOptions(
        double scale,
        long seed,
        WarehouseCatalog warehouse,
        RunDirectory run,
        Optional<SabotageKind> sabotage,
        boolean crash) {}
