-- A day of the archive: restore it first, and replace the day
SELECT from_unixtime(time / 1000) AS at, cloud.account.uid AS account, actor.user.uid AS who, api.operation,
       src_endpoint.ip AS address
FROM archive
WHERE source = 'cloudtrail'
  AND "date" = '2026-01-01'
ORDER BY time
