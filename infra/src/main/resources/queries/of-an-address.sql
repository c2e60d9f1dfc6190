-- Everything of an address in the last two days, of all sources: replace 192.0.2.1
SELECT from_unixtime(time / 1000) AS at, source, class_uid, cloud.account.uid AS account, api.operation,
       src_endpoint.ip AS address, dst_endpoint.ip AS to_address, dst_endpoint.port AS to_port, metadata.uid
FROM events
WHERE "date" >= date_format(current_date - INTERVAL '2' DAY, '%Y-%m-%d')
  AND (src_endpoint.ip = '192.0.2.1' OR dst_endpoint.ip = '192.0.2.1')
ORDER BY time
