-- Names that few machines asked DNS for today
SELECT query.hostname AS name, count(*) AS queries, count(DISTINCT src_endpoint.ip) AS machines
FROM events
WHERE source = 'route53-resolver'
  AND "date" = date_format(current_date, '%Y-%m-%d')
GROUP BY 1
HAVING count(DISTINCT src_endpoint.ip) <= 2
ORDER BY queries DESC
LIMIT 200
