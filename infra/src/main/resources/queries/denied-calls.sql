-- Calls that were refused today, by who and what
SELECT actor.user.uid AS who, cloud.account.uid AS account, api.service.name AS service, api.operation,
       api.response.error AS error, count(*) AS calls, count(DISTINCT src_endpoint.ip) AS addresses
FROM events
WHERE source = 'cloudtrail'
  AND "date" = date_format(current_date, '%Y-%m-%d')
  AND api.response.error IN ('AccessDenied', 'AccessDeniedException', 'UnauthorizedOperation', 'Client.UnauthorizedOperation')
GROUP BY 1, 2, 3, 4, 5
ORDER BY calls DESC
LIMIT 100
