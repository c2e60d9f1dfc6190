-- Where today's traffic of VPCs goes, by bytes
SELECT cloud.account.uid AS account, src_endpoint.ip AS from_address, dst_endpoint.ip AS to_address,
       dst_endpoint.port AS to_port, sum(traffic.bytes) AS bytes, count(*) AS flows
FROM events
WHERE source = 'vpc-flow-logs'
  AND "date" = date_format(current_date, '%Y-%m-%d')
  AND action_id = 1
GROUP BY 1, 2, 3, 4
ORDER BY bytes DESC
LIMIT 100
