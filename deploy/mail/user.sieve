# For one user, who puts it into their own Sieve script: invitations go to Artemisios too. Dovecot needs dovecot-user.conf.
require ["vnd.dovecot.pipe", "copy", "mime"];

if header :mime :anychild :contenttype :is "Content-Type" "text/calendar" {
    pipe :copy :try "artemisios-import";
}
