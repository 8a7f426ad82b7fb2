# For sieve_before: hands each mail with a calendar to Artemisios, and lets it go on to the mailbox in any case.
require ["vnd.dovecot.pipe", "copy", "mime"];

if header :mime :anychild :contenttype :is "Content-Type" "text/calendar" {
    # With :try a failure is logged, and the mail is delivered all the same.
    pipe :copy :try "artemisios-import";
}
