-- Sign-ins that failed in the last seven days, by user and address
SELECT "user".name AS name, cloud.account.uid AS account, src_endpoint.ip AS address, count(*) AS attempts,
       min(from_unixtime(time / 1000)) AS first_at, max(from_unixtime(time / 1000)) AS last_at
FROM events
WHERE source IN ('cloudtrail', 'rds')
  AND "date" >= date_format(current_date - INTERVAL '7' DAY, '%Y-%m-%d')
  AND class_uid = 3002
  AND status_id = 2
GROUP BY 1, 2, 3
ORDER BY attempts DESC
LIMIT 100
