# For one user, who puts it into their own Sieve script: invitations go to Artemisios too. Write your own address.
require ["vnd.dovecot.pipe", "copy", "mime"];

if header :mime :anychild :contenttype :is "Content-Type" "text/calendar" {
    pipe :copy :try "artemisios-import" ["anna@example.org"];
}
