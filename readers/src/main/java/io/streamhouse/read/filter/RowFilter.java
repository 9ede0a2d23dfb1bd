package io.streamhouse.read.filter;

import io.streamhouse.spec.ErrorCode;
import io.streamhouse.spec.StreamhouseException;
import io.streamhouse.spec.TableName;
import io.streamhouse.spec.column.ColumnBatch;
import io.streamhouse.spec.column.ColumnBuilder;
import io.streamhouse.spec.column.ColumnVector;
import io.streamhouse.spec.type.Field;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;

/** A predicate bound to the columns of a table. Immutable, thread-safe. */
public final class RowFilter {
    private final List<Field> columns;
    private final Condition condition;

    /** Literals of top-level equalities, by column name; only those that the column can express. */
    private final Map<String, ColumnVector> equalities;

    private RowFilter(List<Field> columns, Condition condition, Map<String, ColumnVector> equalities) {
        this.columns = columns;
        this.condition = condition;
        this.equalities = equalities;
    }

    /**
     * Binds names and literals.
     *
     * @param fields columns that the names may mean
     * @throws StreamhouseException {@code SCHEMA_MISMATCH} for an unknown column or a literal of another type
     */
    public static RowFilter bind(Predicate predicate, List<Field> fields) {
        Binding binding = new Binding(fields);
        Condition condition = binding.bind(predicate, false);
        Map<String, ColumnVector> equalities = new TreeMap<>();
        for (Predicate conjunct : conjuncts(predicate)) {
            binding.addEquality(conjunct, equalities);
        }
        return new RowFilter(List.copyOf(binding.columns.values()), condition, equalities);
    }

    /** The predicates that must all be true: the members of nested ANDs, or the predicate itself. */
    public static List<Predicate> conjuncts(Predicate predicate) {
        return predicate instanceof Predicate.And and
                ? and.all().stream().flatMap(p -> conjuncts(p).stream()).toList()
                : List.of(predicate);
    }

    /** The columns it reads, in the order in which {@link #select} wants them. */
    public List<Field> columns() {
        return columns;
    }

    /**
     * The rows for which it is true.
     *
     * @param batch vectors of {@link #columns()}, in that order; a selection is ignored
     * @param in bit per row: candidates; stays as it is
     * @return bit per row, a subset of {@code in}; may be {@code in} itself
     */
    public long[] select(ColumnBatch batch, long[] in) {
        return condition.select(batch, in);
    }

    /** Whether it can be true for a row of which only ranges are known; false is a promise, true is not. */
    public boolean mayMatch(Function<Field, ValueRange> ranges) {
        return condition.mayMatch(c -> ranges.apply(columns.get(c)));
    }

    /**
     * The only values that a column can have in a passing row, because the filter demands them: a vector of the column's
     * physical type without nulls, or null if the filter demands none.
     */
    public ColumnVector demandedValues(String column) {
        return equalities.get(column);
    }

    /** Names and literals become numbers and bytes; NOT moves into the leaves. */
    private static final class Binding {
        private final List<Field> fields;
        private final Map<String, Field> columns = new LinkedHashMap<>();
        private final Map<String, Integer> numbers = new TreeMap<>();

        Binding(List<Field> fields) {
            this.fields = fields;
        }

        Condition bind(Predicate predicate, boolean negated) {
            if (predicate instanceof Predicate.Not not) {
                return bind(not.condition(), !negated);
            }
            if (predicate instanceof Predicate.And and) {
                List<Condition> all =
                        and.all().stream().map(p -> bind(p, negated)).toList();
                return negated ? new Condition.Any(all) : new Condition.All(all);
            }
            if (predicate instanceof Predicate.Or or) {
                List<Condition> any =
                        or.any().stream().map(p -> bind(p, negated)).toList();
                return negated ? new Condition.All(any) : new Condition.Any(any);
            }
            if (predicate instanceof Predicate.IsNull test) {
                return new Condition.NullTest(number(test.column()), !negated);
            }
            if (predicate instanceof Predicate.IsNotNull test) {
                return new Condition.NullTest(number(test.column()), negated);
            }
            if (predicate instanceof Predicate.In in) {
                return membership(in, negated);
            }
            return comparison((Predicate.Compare) predicate, negated);
        }

        private Condition comparison(Predicate.Compare compare, boolean negated) {
            int column = number(compare.column());
            if (compare.literal() == null) {
                return new Condition.Never();
            }
            Outcomes asked = Outcomes.of(compare.operator());
            FittedLiteral fitted = FittedLiteral.of(columns.get(compare.column()), compare.literal());
            return new Condition.Comparison(
                    column, fitted.outcomes(negated ? asked.negated() : asked), fitted.literal());
        }

        private Condition membership(Predicate.In in, boolean negated) {
            int column = number(in.column());
            Field field = columns.get(in.column());
            List<Literal> exact = new ArrayList<>();
            boolean hasNull = false;
            for (Object literal : in.literals()) {
                if (literal == null) {
                    hasNull = true;
                } else {
                    FittedLiteral fitted = FittedLiteral.of(field, literal);
                    if (fitted.fit() == FittedLiteral.Fit.EXACT) {
                        exact.add(fitted.literal());
                    }
                }
            }
            if (negated && hasNull) {
                return new Condition.Never();
            }
            if (exact.isEmpty()) {
                // x IN () is false even for NULL; with literals that no value equals it is unknown for NULL
                return !negated
                        ? new Condition.Never()
                        : in.literals().isEmpty()
                                ? new Condition.All(List.of())
                                : new Condition.NullTest(column, false);
            }
            return switch (field.type().physical()) {
                case BOOLEAN, INT, LONG -> new Condition.Membership(column, negated, sortedLongs(exact));
                case BYTES -> new Condition.Membership(column, negated, sortedBytes(exact));
                case FLOAT, DOUBLE -> {
                    Outcomes asked = Outcomes.of(Predicate.Operator.EQUAL);
                    List<Condition> each = new ArrayList<>();
                    for (Literal l : exact) {
                        each.add(new Condition.Comparison(column, negated ? asked.negated() : asked, l));
                    }
                    yield negated ? new Condition.All(each) : new Condition.Any(each);
                }
            };
        }

        private static Literal.Sorted sortedLongs(List<Literal> literals) {
            return new Literal.Sorted.Longs(literals.stream()
                    .mapToLong(l -> ((Literal.OfLong) l).value())
                    .sorted()
                    .distinct()
                    .toArray());
        }

        private static Literal.Sorted sortedBytes(List<Literal> literals) {
            return new Literal.Sorted.Bytes(literals.stream()
                    .map(Literal.OfBytes.class::cast)
                    .sorted(Literal.Sorted.Bytes.ORDER)
                    .toArray(Literal.OfBytes[]::new));
        }

        private int number(String name) {
            Integer known = numbers.get(name);
            if (known != null) {
                return known;
            }
            for (Field field : fields) {
                if (field.name().equals(name)) {
                    columns.put(name, field);
                    numbers.put(name, numbers.size());
                    return numbers.size() - 1;
                }
            }
            throw new StreamhouseException(
                    ErrorCode.SCHEMA_MISMATCH,
                    "column '%s' of the filter does not exist; columns are %s"
                            .formatted(
                                    TableName.printable(name),
                                    fields.stream().map(Field::name).toList()));
        }

        void addEquality(Predicate conjunct, Map<String, ColumnVector> out) {
            List<Object> literals;
            String column;
            if (conjunct instanceof Predicate.Compare c && c.operator() == Predicate.Operator.EQUAL) {
                column = c.column();
                literals = Arrays.asList(c.literal());
            } else if (conjunct instanceof Predicate.In in) {
                column = in.column();
                literals = in.literals();
            } else {
                return;
            }
            Field field = columns.get(column);
            if (!field.type().isKeyType()) {
                return;
            }
            ColumnBuilder values = ColumnBuilder.of(field.type().physical());
            for (Object literal : literals) {
                if (literal != null) {
                    FittedLiteral fitted = FittedLiteral.of(field, literal);
                    if (fitted.fit() == FittedLiteral.Fit.EXACT) {
                        append(fitted.literal(), values);
                    }
                }
            }
            out.putIfAbsent(column, values.build());
        }

        private static void append(Literal literal, ColumnBuilder values) {
            if (values instanceof ColumnBuilder.OfBooleans booleans) {
                booleans.append(((Literal.OfLong) literal).value() != 0);
            } else if (values instanceof ColumnBuilder.OfInts ints) {
                // a literal beyond the column's range demands a value that no row has; any bucket will do
                ints.append((int) ((Literal.OfLong) literal).value());
            } else if (values instanceof ColumnBuilder.OfLongs longs) {
                longs.append(((Literal.OfLong) literal).value());
            } else {
                ((ColumnBuilder.OfBytes) values).append(((Literal.OfBytes) literal).value());
            }
        }
    }
}
