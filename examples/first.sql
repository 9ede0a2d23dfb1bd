-- Ten statements: one table as a table, at an older version, and as a stream.
SET 'execution.runtime-mode' = 'batch';
CREATE TABLE IF NOT EXISTS orders (id BIGINT, customer STRING, amount DECIMAL(10, 2), PRIMARY KEY (id) NOT ENFORCED);
INSERT INTO orders VALUES (1, 'ann', 10.00), (2, 'bob', 20.00);
INSERT INTO orders VALUES (2, 'bob', 25.00), (3, 'cid', 7.50);
SELECT * FROM orders ORDER BY id;
SELECT * FROM orders /*+ OPTIONS('scan.snapshot-id' = '1') */ ORDER BY id;
SELECT customer, SUM(amount) AS total FROM orders WHERE amount > 8 GROUP BY customer ORDER BY customer;
SELECT snapshot_id, commit_kind, row_count FROM orders$snapshots ORDER BY snapshot_id;
SET 'execution.runtime-mode' = 'streaming';
SELECT * FROM orders /*+ OPTIONS('scan.mode' = 'earliest', 'scan.bounded' = '2') */;
