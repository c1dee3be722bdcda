<?php
/*
 * Take a webhook: check its signature (Standard Webhooks), handle each event once, answer quickly.
 *
 * PREREVIEW_WEBHOOK_SECRETS: whsec_..., several parted by blanks while they change.
 * Try it: php -S 127.0.0.1:8090 receive_webhook.php
 */
declare(strict_types=1);

const TOLERANCE_SECONDS = 300;

function is_signed(string $body, string $id, string $sent_at, string $signatures, array $secrets, int $now): bool
{
    if (!ctype_digit($sent_at) || abs($now - (int) $sent_at) > TOLERANCE_SECONDS) {
        return false;
    }
    foreach ($secrets as $secret) {
        $key = base64_decode(preg_replace('/^whsec_/', '', $secret), true);
        $wanted = 'v1,' . base64_encode(hash_hmac('sha256', "$id.$sent_at.$body", (string) $key, true));
        foreach (explode(' ', $signatures) as $offered) {
            if (hash_equals($wanted, $offered)) {
                return true;
            }
        }
    }
    return false;
}

$body = file_get_contents('php://input');
$secrets = array_filter(explode(' ', (string) getenv('PREREVIEW_WEBHOOK_SECRETS')));
$id = $_SERVER['HTTP_WEBHOOK_ID'] ?? '';
if (!is_signed($body, $id, $_SERVER['HTTP_WEBHOOK_TIMESTAMP'] ?? '', $_SERVER['HTTP_WEBHOOK_SIGNATURE'] ?? '', $secrets, time())) {
    http_response_code(400);
    exit('not signed');
}
$event = json_decode($body, true, flags: JSON_THROW_ON_ERROR);
/*
 * In your database, in one transaction: insert the id under a unique key and do what the event asks for. An id that is
 * there already was handled: the same event may come again, so answer 204 and do nothing.
 */
error_log("{$event['type']} {$event['id']}");
http_response_code(204);
