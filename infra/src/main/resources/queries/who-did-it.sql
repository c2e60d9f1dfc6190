-- Who called an operation in the last seven days: replace StopLogging
SELECT from_unixtime(time / 1000) AS at, cloud.account.uid AS account, cloud.region, actor.user.uid AS who,
       src_endpoint.ip AS address, api.response.error AS error
FROM events
WHERE source = 'cloudtrail'
  AND "date" >= date_format(current_date - INTERVAL '7' DAY, '%Y-%m-%d')
  AND api.operation = 'StopLogging'
ORDER BY time
