package io.streamhouse.cli.sql;

import io.streamhouse.cli.cluster.EmbeddedFlink;
import io.streamhouse.cli.failure.ScriptException;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.concurrent.locks.LockSupport;
import org.apache.flink.api.common.JobID;
import org.apache.flink.api.common.JobStatus;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.ExecutionOptions;
import org.apache.flink.configuration.RestartStrategyOptions;
import org.apache.flink.table.api.config.TableConfigOptions;
import org.apache.flink.table.data.RowData;
import org.apache.flink.table.gateway.api.config.SqlGatewayServiceConfigOptions;
import org.apache.flink.table.gateway.api.operation.OperationHandle;
import org.apache.flink.table.gateway.api.results.OperationInfo;
import org.apache.flink.table.gateway.api.results.ResultSet;
import org.apache.flink.table.gateway.api.results.ResultSetImpl;
import org.apache.flink.table.gateway.api.session.SessionEnvironment;
import org.apache.flink.table.gateway.api.session.SessionHandle;
import org.apache.flink.table.gateway.api.utils.SqlGatewayException;
import org.apache.flink.table.gateway.rest.util.SqlGatewayRestAPIVersion;
import org.apache.flink.table.gateway.service.SqlGatewayServiceImpl;
import org.apache.flink.table.gateway.service.context.DefaultContext;
import org.apache.flink.table.gateway.service.session.SessionManager;
import org.apache.flink.table.utils.print.RowDataToStringConverter;

/**
 * Runs statements one after the other in one session and stops at the first that fails.
 *
 * <p>The session is Flink's own (that of its SQL gateway), so SET, RESET, SHOW, statement sets and all other statements
 * mean what they mean in the SQL client. INSERT, UPDATE and DELETE in batch mode are awaited; streaming jobs go on
 * beside the script, are looked at again and again while it runs, and are awaited at its end. Single-threaded; the
 * creator closes it.
 */
public final class ScriptRunner implements AutoCloseable {
    private static final int FETCH_ROWS = 5_000;
    private static final long POLL_NANOS = 20_000_000;
    private static final long JOB_CHECK_NANOS = 25 * POLL_NANOS;

    private final EmbeddedFlink flink;
    private final SessionManager sessions;
    private final SqlGatewayServiceImpl service;
    private final SessionHandle session;
    private final PrintWriter out;
    private final ResultPrinter printer;
    private final Map<JobID, Statement> background = new LinkedHashMap<>();
    private long nextJobCheck = System.nanoTime();

    /**
     * Opens the session.
     *
     * @param out where results go; flushed after every result
     */
    public ScriptRunner(EmbeddedFlink flink, PrintWriter out) {
        this.flink = flink;
        this.out = out;
        this.printer = new ResultPrinter(out);
        Configuration configuration = flink.clientConfiguration();
        configuration.set(RestartStrategyOptions.RESTART_STRATEGY, "fixed-delay");
        configuration.set(RestartStrategyOptions.RESTART_STRATEGY_FIXED_DELAY_ATTEMPTS, 3);
        // a statement may take longer than the gateway's ten minutes, and so may the wait for the jobs
        configuration.set(SqlGatewayServiceConfigOptions.SQL_GATEWAY_SESSION_IDLE_TIMEOUT, Duration.ZERO);
        sessions = SessionManager.create(new DefaultContext(configuration, List.of()));
        sessions.start();
        service = new SqlGatewayServiceImpl(sessions);
        session = service.openSession(SessionEnvironment.newBuilder()
                .setSessionEndpointVersion(SqlGatewayRestAPIVersion.getDefaultVersion())
                .build());
    }

    /** Runs statements without printing results: what a session needs before the script. */
    public void prepare(List<String> statements) {
        for (String statement : statements) {
            Rows rows = execute(statement);
            rows.forEachRemaining(row -> {});
        }
    }

    /**
     * Runs the statements and waits for the jobs they started.
     *
     * @throws ScriptException at the first statement that fails, or whose job fails while later ones run, with its place
     *     and cause; the rest does not run
     */
    public void run(List<Statement> statements) {
        for (Statement statement : statements) {
            try {
                checkJobs();
                out.println("> " + firstLine(statement.text()));
                out.flush();
                show(statement);
                out.println();
                out.flush();
            } catch (ScriptException e) {
                throw e; // of a job that an earlier statement has started
            } catch (RuntimeException e) {
                throw new ScriptException(statement.number(), statement.line(), e);
            }
        }
        awaitJobs();
    }

    /** Runs one statement, prints nothing but its result, and waits for the job it started. */
    public void runAlone(Statement statement) {
        show(statement);
        out.flush();
        awaitJobs();
    }

    private void show(Statement statement) {
        boolean awaited = isAwaited();
        Rows rows = execute(statement.text());
        rows.hasNext(); // until the first row or the end is here, the kind of the result is not known
        if (rows.isQuery()) {
            printQuery(rows);
        } else if (isPlainText(statement.text())) {
            printer.printRaw(rows.converter(), rows);
        } else if (rows.job() != null) {
            rows.forEachRemaining(row -> {});
            if (!awaited) { // the cluster forgets ended jobs after a while, so asking again may fail
                background.put(rows.job(), statement);
            }
            out.println("job " + rows.job() + (awaited ? " finished" : " submitted"));
        } else if (rows.hasContent()) {
            printer.printTable(rows.schema(), rows.converter(), rows);
        } else {
            rows.forEachRemaining(row -> {});
            out.println("OK");
        }
    }

    private void printQuery(Rows rows) {
        if (isBatch()) {
            printer.printTable(rows.schema(), rows.converter(), rows);
        } else {
            printer.printChanges(rows.schema(), rows.converter(), rows);
        }
    }

    /** Looks at all open jobs in turn: one that never ends must not hide the failure of another. */
    private void awaitJobs() {
        boolean announced = false;
        while (true) {
            checkJobs();
            if (background.isEmpty()) {
                return;
            }
            if (!announced) {
                background.forEach((job, statement) -> out.println(
                        "waiting for job %s of statement %d; Ctrl-C stops it".formatted(job, statement.number())));
                out.flush();
                announced = true;
            }
            LockSupport.parkNanos(10 * POLL_NANOS);
        }
    }

    /** Forgets the jobs that have ended; the failure of one is that of the script. */
    private void checkJobs() {
        nextJobCheck = System.nanoTime() + JOB_CHECK_NANOS;
        for (Map.Entry<JobID, Statement> entry : List.copyOf(background.entrySet())) {
            JobID job = entry.getKey();
            JobStatus status = flink.status(job);
            if (status == JobStatus.FAILED) {
                throw new ScriptException(
                        entry.getValue().number(),
                        entry.getValue().line(),
                        flink.failure(job).orElseGet(() -> new IllegalStateException("job " + job + " failed")));
            }
            if (status.isGloballyTerminalState()) {
                background.remove(job);
            }
        }
    }

    private boolean isBatch() {
        return "batch"
                .equalsIgnoreCase(service.getSessionConfig(session)
                        .getOrDefault(ExecutionOptions.RUNTIME_MODE.key(), "streaming"));
    }

    /** Whether a statement that changes tables returns only after its job has ended. */
    private boolean isAwaited() {
        String sync = service.getSessionConfig(session).get(TableConfigOptions.TABLE_DML_SYNC.key());
        return sync == null ? isBatch() : Boolean.parseBoolean(sync);
    }

    private Rows execute(String statement) {
        Configuration overlay = new Configuration();
        if (isBatch() && !service.getSessionConfig(session).containsKey(TableConfigOptions.TABLE_DML_SYNC.key())) {
            overlay.set(TableConfigOptions.TABLE_DML_SYNC, true);
        }
        return new Rows(service.executeStatement(session, statement, 0L, overlay));
    }

    private static boolean isPlainText(String text) {
        String upper = text.toUpperCase(Locale.ROOT);
        return upper.startsWith("EXPLAIN") || upper.matches("(?s)SHOW\\s+CREATE\\s.*");
    }

    private static String firstLine(String text) {
        int end = text.indexOf('\n');
        return end < 0 ? text : text.substring(0, end).strip() + " …";
    }

    @Override
    public void close() {
        try {
            service.closeSession(session);
        } finally {
            sessions.stop();
        }
    }

    /** The rows of one running statement, fetched as they are asked for. */
    private final class Rows implements Iterator<RowData> {
        private final OperationHandle operation;
        private ResultSet batch;
        private Iterator<RowData> current = List.<RowData>of().iterator();
        private Long token = 0L;

        Rows(OperationHandle operation) {
            this.operation = operation;
        }

        @Override
        public boolean hasNext() {
            while (!current.hasNext() && token != null) {
                fetch();
            }
            return current.hasNext();
        }

        @Override
        public RowData next() {
            if (!hasNext()) {
                throw new NoSuchElementException();
            }
            return current.next();
        }

        private void fetch() {
            ResultSet fetched;
            try {
                fetched = service.fetchResults(session, operation, token, FETCH_ROWS);
            } catch (SqlGatewayException e) {
                throw failureOf(e);
            }
            if (System.nanoTime() - nextJobCheck >= 0) {
                checkJobs(); // a query over a stream may never end
            }
            if (fetched.getResultType() == ResultSet.ResultType.NOT_READY) {
                LockSupport.parkNanos(POLL_NANOS);
                return;
            }
            if (batch != null && fetched.getData().isEmpty() && fetched.getNextToken() != null) {
                LockSupport.parkNanos(POLL_NANOS);
            }
            batch = fetched;
            token = fetched.getNextToken();
            current = fetched.getData().iterator();
        }

        private RuntimeException failureOf(SqlGatewayException fetchFailure) {
            OperationInfo info = service.getOperationInfo(session, operation);
            return info.getException()
                    .<RuntimeException>map(cause -> new SqlGatewayException(cause.getMessage(), cause))
                    .orElse(fetchFailure);
        }

        boolean isQuery() {
            return batch.isQueryResult();
        }

        boolean hasContent() {
            return batch.getResultKind() == org.apache.flink.table.api.ResultKind.SUCCESS_WITH_CONTENT;
        }

        JobID job() {
            return batch.getJobID();
        }

        org.apache.flink.table.catalog.ResolvedSchema schema() {
            return batch.getResultSchema();
        }

        RowDataToStringConverter converter() {
            return ((ResultSetImpl) batch).getConverter();
        }
    }
}
