"""What English apps, stores, banks and launchers say when something fails, by its meaning."""

from __future__ import annotations

from service.domain.evidence import ErrorCode

SAYINGS = {
    ErrorCode.CODE_INVALID: """
        The code you entered is not valid. Please check and try again.
        This gift card code is invalid
        We couldn't find that code
        Sorry, we do not recognise that voucher code
        That product code doesn't appear to be valid
        Redemption failed: code not found (E1023)
        The serial number is not recognized
        Promo code is not valid
        This is not a valid activation key
        The gift card has been voided""",
    ErrorCode.CODE_USED: """
        The code has already been redeemed by another account
        Duplicate product code: this product code has already been activated
        This gift card was redeemed previously
        This card has already been claimed
        You've already redeemed this code
        This code has reached its maximum number of uses
        Key has been used
        You already own this item
        Activation limit reached for this product key
        This license is in use on another device""",
    ErrorCode.CODE_WRONG: """
        Incorrect PIN. Please try again
        The code you entered may be incorrect
        Wrong code, check for typos
        The voucher number and PIN do not match
        You entered the wrong code too many times
        Code must be 16 characters long
        Please enter a correct code
        The format of the code is incorrect""",
    ErrorCode.EXPIRED: """
        This promotion code has expired
        Your voucher expired on 31/12/2025
        The offer has ended and this code can no longer be used
        Gift card expired
        This code is past its expiry date
        Sorry, this key is expired""",
    ErrorCode.TOPUP_FAILED: """
        Top-up failed
        Your recharge has failed. Amount will be refunded within 3 days
        We couldn't complete your top-up
        Recharge unsuccessful, operator error 1004
        Your mobile recharge was rejected by the operator
        Top up could not be processed
        Refill failed""",
    ErrorCode.NUMBER_NOT_FOUND: """
        Invalid mobile number
        The phone number you entered doesn't exist
        Player not found. Please check your ID
        No account found with that email
        User ID is incorrect
        We can't find an account with that username
        Please enter a valid phone number
        This number is not in service""",
    ErrorCode.REGION_MISMATCH: """
        This code is not valid in your region
        This gift card can only be used in the US store
        Your account's country does not match the country of this card
        This content is not available in your country
        The item is region locked
        Sorry, this product cannot be activated in your territory
        Wrong server selected
        Codes from other regions are not supported""",
    ErrorCode.BALANCE_INSUFFICIENT: """
        Insufficient balance
        You do not have enough funds in your wallet
        Not enough coins
        Your card was declined due to insufficient funds
        Balance too low to complete this purchase
        You don't have enough credits
        Not enough V-Bucks""",
    ErrorCode.NO_SUCH_RECORD: """
        No records found
        No transactions to display
        We couldn't find any recharge history for this number
        No matching transactions
        There are no top-ups for this account
        No results found for this top-up
        Record does not exist""",
    ErrorCode.SYSTEM_BUSY: """
        Oops! Something went wrong
        Network error. Please check your connection
        We're experiencing technical difficulties
        Service temporarily unavailable (503)
        Unable to connect to the server
        Server maintenance in progress
        The request timed out
        An error occurred. Error code: 0x80190001
        Connection lost
        We're sorry, we can't process your request right now
        Please wait a few minutes and try again
        Failed to load, tap to retry""",
    ErrorCode.PAYMENT_FAILED: """
        Payment failed
        Your card was declined
        Transaction declined by issuer
        We couldn't process your payment
        Your purchase could not be completed
        Payment not completed
        There was a problem with your payment method
        Your transaction has been declined""",
    ErrorCode.DUPLICATE_PAYMENT: """
        This order has already been paid
        You have already paid for this item
        Duplicate payment detected
        Looks like you were charged twice
        A payment for this order was already made""",
    ErrorCode.ORDER_NOT_FOUND: """
        Order not found
        We can't find that order
        The order number you entered is invalid
        This order does not exist
        No orders match your search
        Order ID is incorrect""",
    ErrorCode.OUT_OF_STOCK: """
        Out of stock
        This item is sold out
        Sorry, we've run out of this item
        The selected denomination is currently out of stock
        This product is no longer available
        No more codes available""",
    ErrorCode.ACCOUNT_RESTRICTED: """
        Your account has been locked for security reasons
        This account has been permanently banned
        Your Apple ID has been disabled
        Account suspended due to unusual activity
        Your account has been limited
        This transaction was blocked for your security
        Your account is not allowed to redeem codes""",
    ErrorCode.NOT_DELIVERED: """
        Delivery failed
        Your item has not been received
        Top-up not credited
        Code not yet delivered
        We couldn't deliver your code
        Your order hasn't arrived yet
        Not yet credited to your account""",
    ErrorCode.LIMIT_EXCEEDED: """
        Purchase limit reached
        You have exceeded the daily limit
        Daily top-up limit exceeded
        Transaction amount exceeds your card limit
        You've reached the maximum number of redemptions for today
        You can only purchase 2 of this item. Limit reached
        Too many attempts today. Come back tomorrow
        Monthly spending limit exceeded
        Amount is over the maximum allowed
        You have reached your gift card redemption limit""",
    ErrorCode.CODE_LOCKED: """
        This gift card has been frozen
        The code has been blocked
        This card is locked
        Gift card suspended. Contact the issuer
        Your voucher has been deactivated
        This product key has been blocked
        This key was revoked
        Card reported lost or stolen""",
    ErrorCode.VERIFICATION_FAILED: """
        Verification code is incorrect
        Invalid verification code
        The SMS code you entered has expired
        Identity verification failed
        We couldn't verify your identity
        Captcha verification failed
        Incorrect security code sent to your phone
        Authentication failed
        Face verification unsuccessful
        Your OTP is incorrect""",
    ErrorCode.NOT_YET_VALID: """
        This code is not yet active
        The promotion has not started yet
        This voucher is not valid until 1 December 2026
        The card has not been activated at the register
        Your gift card is not active yet
        Redemption is not open yet
        This code will be valid from 1 May 2026
        The event hasn't started""",
}
