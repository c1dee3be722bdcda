<?php
/*
 * Send one claim with its screenshots and say what came back. Needs PHP 8 with curl.
 *
 *   PREREVIEW_URL=http://127.0.0.1:8000 PREREVIEW_KEY=... php submit_claim.php claim.json [screenshot ...]
 */
declare(strict_types=1);

const ATTEMPTS = 5;

/** One request; [status, headers, body]. Status 0: no answer. */
function send(string $url, array $headers, array|string $body): array
{
    $received = [];
    $handle = curl_init($url);
    curl_setopt_array($handle, [
        CURLOPT_POST => true,
        CURLOPT_POSTFIELDS => $body,
        CURLOPT_HTTPHEADER => $headers,
        CURLOPT_RETURNTRANSFER => true,
        CURLOPT_CONNECTTIMEOUT => 10,
        CURLOPT_TIMEOUT => 60,
        CURLOPT_HEADERFUNCTION => function ($_, string $line) use (&$received): int {
            [$name, $value] = array_pad(explode(':', $line, 2), 2, '');
            $received[strtolower(trim($name))] = trim($value);
            return strlen($line);
        },
    ]);
    $answer = curl_exec($handle);
    $status = $answer === false ? 0 : (int) curl_getinfo($handle, CURLINFO_RESPONSE_CODE);
    return [$status, $received, (string) $answer];
}

/** The same request again until there is an answer; with one Idempotency-Key nothing is decided twice. */
function send_until_answered(string $url, array $headers, array|string $body): array
{
    for ($attempt = 1; ; $attempt++) {
        [$status, $received, $answer] = send($url, $headers, $body);
        $problem = json_decode($answer, true);
        $again = in_array($status, [0, 429, 502, 503, 504], true)
            || ($status === 409 && str_ends_with($problem['type'] ?? '', 'request-in-flight'));
        if (!$again || $attempt === ATTEMPTS) {
            return [$status, $answer];
        }
        usleep((int) (1_000_000 * min(10, (float) ($received['retry-after'] ?? 0.2 * 2 ** $attempt))));
    }
}

if ($argc < 2 || getenv('PREREVIEW_KEY') === false) {
    fwrite(STDERR, "usage: PREREVIEW_KEY=... php submit_claim.php claim.json [screenshot ...]\n");
    exit(2);
}
$claim = file_get_contents($argv[1]);
if ($claim === false) {
    exit(1);
}
$reference = json_decode($claim, true, flags: JSON_THROW_ON_ERROR)['reference'];
$parts = ['claim' => new CURLStringFile($claim, 'claim.json', 'application/json')];
foreach (array_slice($argv, 2) as $index => $path) {
    $parts["evidence$index"] = new CURLFile($path, 'application/octet-stream', basename($path));
}
[$status, $answer] = send_until_answered(
    (getenv('PREREVIEW_URL') ?: 'http://127.0.0.1:8000') . '/v1/pre-reviews',
    ['Authorization: Bearer ' . getenv('PREREVIEW_KEY'), "Idempotency-Key: $reference", 'Accept-Language: zh-CN'],
    $parts,
);
$said = json_decode($answer, true);
if ($status < 200 || $status >= 300) {
    fwrite(STDERR, $status === 0 ? "not reached\n" : "refused: {$said['detail']}\n");
    foreach ($said['errors'] ?? [] as $error) {
        fwrite(STDERR, "  {$error['path']}: {$error['message']}\n");
    }
    exit(1);
}
echo "{$said['number']}  ", $said['decision'] ?? $said['state'], "\n";
if ($said['amount'] !== null) {
    echo "pay {$said['amount']} {$said['currency']} (minor units) by {$said['route']}; first: ",
        implode(', ', $said['obligations']) ?: '-', "\n";
}
echo $said['buyer']['message'], "\n", $said['buyer']['next'], "\n";
