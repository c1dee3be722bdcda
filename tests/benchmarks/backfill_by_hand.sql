-- The aggregates of service/features/declared/history.py as somebody would write them for DuckDB by hand: one join an
-- entity, except where a narrow window or a rare kind is cheaper alone. Views: claims, events.
WITH
of_account AS (SELECT claim_id,
    count(*) FILTER (kind = 'order' AND occurred_at > as_of - INTERVAL 1 DAY) AS account_orders_1d,
    count(*) FILTER (kind = 'order' AND occurred_at > as_of - INTERVAL 30 DAY) AS account_orders_30d,
    count(*) FILTER (kind = 'order') AS account_orders_90d,
    count(*) FILTER (kind = 'payment') AS account_payments_90d,
    sum(e.amount) FILTER (kind = 'payment') AS account_paid_amount_90d,
    count(*) FILTER (kind = 'refund_requested' AND occurred_at > as_of - INTERVAL 1 DAY) AS account_refunds_requested_1d,
    count(*) FILTER (kind = 'refund_requested' AND occurred_at > as_of - INTERVAL 7 DAY) AS account_refunds_requested_7d,
    count(*) FILTER (kind = 'refund_requested' AND occurred_at > as_of - INTERVAL 30 DAY) AS account_refunds_requested_30d,
    count(*) FILTER (kind = 'refund_requested') AS account_refunds_requested_90d,
    count(*) FILTER (kind = 'refund_granted' AND occurred_at > as_of - INTERVAL 30 DAY) AS account_refunds_granted_30d,
    count(*) FILTER (kind = 'refund_granted') AS account_refunds_granted_90d,
    sum(e.amount) FILTER (kind = 'refund_granted' AND occurred_at > as_of - INTERVAL 30 DAY) AS account_granted_amount_30d,
    sum(e.amount) FILTER (kind = 'refund_granted') AS account_granted_amount_90d,
    count(*) FILTER (kind = 'refund_rejected') AS account_refunds_rejected_90d,
    count(*) FILTER (kind = 'refund_withdrawn' AND occurred_at > as_of - INTERVAL 7 DAY) AS account_refunds_withdrawn_7d,
    count(*) FILTER (kind = 'refund_withdrawn' AND occurred_at > as_of - INTERVAL 30 DAY) AS account_refunds_withdrawn_30d,
    count(*) FILTER (kind = 'refund_wrong') AS account_refunds_wrong_90d,
    count(*) FILTER (kind = 'chargeback') AS account_chargebacks_90d,
    count(*) FILTER (kind='fulfilment' AND occurred_at > as_of - INTERVAL 30 DAY) AS account_fulfilments_failed_30d
  FROM claims c JOIN events e
    ON e.account_id = c.account_id AND e.occurred_at <= c.as_of
    AND e.occurred_at > c.as_of - INTERVAL 90 DAY AND e.recorded_at < c.as_of
  WHERE kind NOT IN ('session','account_opened') AND (kind <> 'fulfilment' OR outcome = 'failed')
  GROUP BY claim_id),
of_device AS (SELECT claim_id,
    count(DISTINCT e.account_id) AS device_accounts_30d,
    count(*) FILTER (kind = 'refund_requested' AND occurred_at > as_of - INTERVAL 7 DAY) AS device_refunds_requested_7d,
    count(*) FILTER (kind = 'refund_requested') AS device_refunds_requested_30d
  FROM claims c JOIN events e
    ON e.device_id = c.device_id AND e.occurred_at <= c.as_of
    AND e.occurred_at > c.as_of - INTERVAL 30 DAY AND e.recorded_at < c.as_of
  WHERE kind IN ('session','order','payment','refund_requested')
  GROUP BY claim_id),
wrong_of_device AS (SELECT claim_id,
    count(*) AS device_refunds_wrong_90d
  FROM claims c JOIN events e
    ON e.device_id = c.device_id AND e.occurred_at <= c.as_of
    AND e.occurred_at > c.as_of - INTERVAL 90 DAY AND e.recorded_at < c.as_of
  WHERE kind='refund_wrong'
  GROUP BY claim_id),
of_payer AS (SELECT claim_id,
    count(DISTINCT e.account_id) FILTER (kind<>'refund_wrong') AS payer_accounts_90d,
    count(*) FILTER (kind = 'refund_requested' AND occurred_at > as_of - INTERVAL 30 DAY) AS payer_refunds_requested_30d,
    count(*) FILTER (kind = 'refund_wrong') AS payer_refunds_wrong_90d
  FROM claims c JOIN events e
    ON e.payer_id = c.payer_id AND e.occurred_at <= c.as_of
    AND e.occurred_at > c.as_of - INTERVAL 90 DAY AND e.recorded_at < c.as_of
  WHERE kind IN ('session','order','payment','refund_requested','refund_wrong')
  GROUP BY claim_id),
of_address AS (SELECT claim_id,
    count(DISTINCT e.account_id) AS ip_accounts_7d,
    count(*) FILTER (kind = 'refund_requested' AND occurred_at > as_of - INTERVAL 1 DAY) AS ip_refunds_requested_1d,
    count(*) FILTER (kind = 'refund_requested') AS ip_refunds_requested_7d
  FROM claims c JOIN events e
    ON e.ip = c.ip AND e.occurred_at <= c.as_of
    AND e.occurred_at > c.as_of - INTERVAL 7 DAY AND e.recorded_at < c.as_of
  WHERE kind IN ('session','order','payment','refund_requested')
  GROUP BY claim_id),
of_seller AS (SELECT claim_id,
    count(*) FILTER (kind = 'order') AS seller_orders_30d,
    count(*) FILTER (kind = 'refund_requested') AS seller_refunds_requested_30d,
    count(*) FILTER (kind = 'fulfilment' AND occurred_at > as_of - INTERVAL 7 DAY) AS seller_fulfilments_failed_7d
  FROM claims c JOIN events e
    ON e.seller_id = c.seller_id AND e.occurred_at <= c.as_of
    AND e.occurred_at > c.as_of - INTERVAL 30 DAY AND e.recorded_at < c.as_of
  WHERE kind IN ('order','refund_requested','fulfilment') AND (kind <> 'fulfilment' OR outcome = 'failed')
  GROUP BY claim_id),
of_product AS (SELECT claim_id,
    count(*) FILTER (kind = 'order') AS product_orders_30d,
    count(*) FILTER (kind = 'refund_requested' AND occurred_at > as_of - INTERVAL 1 DAY) AS product_refunds_requested_1d,
    count(*) FILTER (kind = 'refund_requested') AS product_refunds_requested_30d,
    count(*) FILTER (kind = 'fulfilment' AND occurred_at > as_of - INTERVAL 1 DAY) AS product_fulfilments_failed_1d
  FROM claims c JOIN events e
    ON e.product_id = c.product_id AND e.occurred_at <= c.as_of
    AND e.occurred_at > c.as_of - INTERVAL 30 DAY AND e.recorded_at < c.as_of
  WHERE kind IN ('order','refund_requested','fulfilment') AND (kind <> 'fulfilment' OR outcome = 'failed')
  GROUP BY claim_id)
SELECT claim_id,
  CASE WHEN c.account_id IS NOT NULL THEN coalesce(account_orders_1d, 0)::DOUBLE END AS account_orders_1d,
  CASE WHEN c.account_id IS NOT NULL THEN coalesce(account_orders_30d, 0)::DOUBLE END AS account_orders_30d,
  CASE WHEN c.account_id IS NOT NULL THEN coalesce(account_orders_90d, 0)::DOUBLE END AS account_orders_90d,
  CASE WHEN c.account_id IS NOT NULL THEN coalesce(account_payments_90d, 0)::DOUBLE END AS account_payments_90d,
  CASE WHEN c.account_id IS NOT NULL THEN coalesce(account_paid_amount_90d, 0)::DOUBLE END AS account_paid_amount_90d,
  CASE WHEN c.account_id IS NOT NULL THEN coalesce(account_refunds_requested_1d, 0)::DOUBLE END AS account_refunds_requested_1d,
  CASE WHEN c.account_id IS NOT NULL THEN coalesce(account_refunds_requested_7d, 0)::DOUBLE END AS account_refunds_requested_7d,
  CASE WHEN c.account_id IS NOT NULL THEN coalesce(account_refunds_requested_30d, 0)::DOUBLE END AS account_refunds_requested_30d,
  CASE WHEN c.account_id IS NOT NULL THEN coalesce(account_refunds_requested_90d, 0)::DOUBLE END AS account_refunds_requested_90d,
  CASE WHEN c.account_id IS NOT NULL THEN coalesce(account_refunds_granted_30d, 0)::DOUBLE END AS account_refunds_granted_30d,
  CASE WHEN c.account_id IS NOT NULL THEN coalesce(account_refunds_granted_90d, 0)::DOUBLE END AS account_refunds_granted_90d,
  CASE WHEN c.account_id IS NOT NULL THEN coalesce(account_granted_amount_30d, 0)::DOUBLE END AS account_granted_amount_30d,
  CASE WHEN c.account_id IS NOT NULL THEN coalesce(account_granted_amount_90d, 0)::DOUBLE END AS account_granted_amount_90d,
  CASE WHEN c.account_id IS NOT NULL THEN coalesce(account_refunds_rejected_90d, 0)::DOUBLE END AS account_refunds_rejected_90d,
  CASE WHEN c.account_id IS NOT NULL THEN coalesce(account_refunds_withdrawn_7d, 0)::DOUBLE END AS account_refunds_withdrawn_7d,
  CASE WHEN c.account_id IS NOT NULL THEN coalesce(account_refunds_withdrawn_30d, 0)::DOUBLE END AS account_refunds_withdrawn_30d,
  CASE WHEN c.account_id IS NOT NULL THEN coalesce(account_refunds_wrong_90d, 0)::DOUBLE END AS account_refunds_wrong_90d,
  CASE WHEN c.account_id IS NOT NULL THEN coalesce(account_chargebacks_90d, 0)::DOUBLE END AS account_chargebacks_90d,
  CASE WHEN c.account_id IS NOT NULL THEN coalesce(account_fulfilments_failed_30d, 0)::DOUBLE END AS account_fulfilments_failed_30d,
  CASE WHEN c.device_id IS NOT NULL THEN coalesce(device_accounts_30d, 0)::DOUBLE END AS device_accounts_30d,
  CASE WHEN c.device_id IS NOT NULL THEN coalesce(device_refunds_requested_7d, 0)::DOUBLE END AS device_refunds_requested_7d,
  CASE WHEN c.device_id IS NOT NULL THEN coalesce(device_refunds_requested_30d, 0)::DOUBLE END AS device_refunds_requested_30d,
  CASE WHEN c.device_id IS NOT NULL THEN coalesce(device_refunds_wrong_90d, 0)::DOUBLE END AS device_refunds_wrong_90d,
  CASE WHEN c.payer_id IS NOT NULL THEN coalesce(payer_accounts_90d, 0)::DOUBLE END AS payer_accounts_90d,
  CASE WHEN c.payer_id IS NOT NULL THEN coalesce(payer_refunds_requested_30d, 0)::DOUBLE END AS payer_refunds_requested_30d,
  CASE WHEN c.payer_id IS NOT NULL THEN coalesce(payer_refunds_wrong_90d, 0)::DOUBLE END AS payer_refunds_wrong_90d,
  CASE WHEN c.ip IS NOT NULL THEN coalesce(ip_accounts_7d, 0)::DOUBLE END AS ip_accounts_7d,
  CASE WHEN c.ip IS NOT NULL THEN coalesce(ip_refunds_requested_1d, 0)::DOUBLE END AS ip_refunds_requested_1d,
  CASE WHEN c.ip IS NOT NULL THEN coalesce(ip_refunds_requested_7d, 0)::DOUBLE END AS ip_refunds_requested_7d,
  CASE WHEN c.seller_id IS NOT NULL THEN coalesce(seller_orders_30d, 0)::DOUBLE END AS seller_orders_30d,
  CASE WHEN c.seller_id IS NOT NULL THEN coalesce(seller_refunds_requested_30d, 0)::DOUBLE END AS seller_refunds_requested_30d,
  CASE WHEN c.seller_id IS NOT NULL THEN coalesce(seller_fulfilments_failed_7d, 0)::DOUBLE END AS seller_fulfilments_failed_7d,
  CASE WHEN c.product_id IS NOT NULL THEN coalesce(product_orders_30d, 0)::DOUBLE END AS product_orders_30d,
  CASE WHEN c.product_id IS NOT NULL THEN coalesce(product_refunds_requested_1d, 0)::DOUBLE END AS product_refunds_requested_1d,
  CASE WHEN c.product_id IS NOT NULL THEN coalesce(product_refunds_requested_30d, 0)::DOUBLE END AS product_refunds_requested_30d,
  CASE WHEN c.product_id IS NOT NULL THEN coalesce(product_fulfilments_failed_1d, 0)::DOUBLE END AS product_fulfilments_failed_1d
FROM claims c
LEFT JOIN of_account USING (claim_id) 
LEFT JOIN of_device USING (claim_id) 
LEFT JOIN wrong_of_device USING (claim_id) 
LEFT JOIN of_payer USING (claim_id) 
LEFT JOIN of_address USING (claim_id) 
LEFT JOIN of_seller USING (claim_id) 
LEFT JOIN of_product USING (claim_id)
