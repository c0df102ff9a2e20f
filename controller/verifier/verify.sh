#!/usr/bin/env bash
# Checks a folder of signed reports with nothing but bash, OpenSSL, jq and coreutils: a second opinion, written apart from verify.mjs.
#
#   bash verify.sh DIR [--keys keys.json] [--head SEQUENCE:SHA256] [--start SEQUENCE:SHA256]
#
# DIR is an evidence store or pack in a folder, or a folder of reports. It checks strict base64, the signature of every report against
# keys.json (P-256 only: OpenSSL 3.0 knows no ML-DSA), names, sequence, link, chain and the pinned head. It does not check the log, windows,
# attachments, counts, git packs, or that JSON is spelled in one way only: verify.mjs does.
#
# Exit 0: all of that is so. 5: something is not. 4: it is, but ML-DSA signatures were not checked. 1: called wrongly.
set -euo pipefail
export LC_ALL=C

wrong_use() { echo "$1" >&2; echo "usage: bash verify.sh DIR [--keys keys.json] [--head SEQ:SHA256] [--start SEQ:SHA256]" >&2; exit 1; }
fail() { echo "FAIL ${file:-keys.json}: $1: $2"; exit 5; }

dir="" keys="" head="" start=""
while [ $# -gt 0 ]; do
  case "$1" in
    --keys) keys="${2:-}"; shift 2 || wrong_use "--keys takes a file" ;;
    --head) head="${2:-}"; shift 2 || wrong_use "--head takes SEQ:SHA256" ;;
    --start) start="${2:-}"; shift 2 || wrong_use "--start takes SEQ:SHA256" ;;
    -*) wrong_use "unknown option $1" ;;
    *) [ -z "$dir" ] || wrong_use "give one DIR"; dir="$1"; shift ;;
  esac
done
[ -d "$dir" ] || wrong_use "give a DIR that is there"
for tool in openssl jq base64; do command -v "$tool" >/dev/null || wrong_use "$tool is needed"; done
keys="${keys:-$dir/keys.json}"
[ -f "$keys" ] || wrong_use "there is no $keys"

sum=(sha256sum)
command -v sha256sum >/dev/null || sum=(shasum -a 256)
sha256() { local line; line="$("${sum[@]}")"; echo "${line%% *}"; }
# Decodes standard base64 from $1 into $2, and refuses every second spelling: what decodes must encode to the same.
decode() {
  base64 -d <"$1" >"$2" 2>/dev/null || return 1
  [ "$(base64 <"$2" | tr -d '\n' | sha256)" = "$(sha256 <"$1")" ]
}

# Whether a signature in DER ends where it says: openssl dgst reads as many bytes as the longest can have, and passes over more.
whole() { [ "$(wc -c <"$1")" -eq "$(($(od -An -tu1 -j1 -N1 "$1") + 2))" ]; }

work="$(mktemp -d)"
trap 'rm -rf "$work"' EXIT

# The trust root: each key's name is the SHA-256 of the key.
chain="$(jq -er '.chainId | select(type == "string")' "$keys" 2>/dev/null)" || fail keys "keys.json is no list of keys"
mldsa=0
while read -r id algorithm; do
  jq -rj --arg id "$id" '.keys[] | select(.keyid == $id) | .spki' "$keys" >"$work/spki64"
  decode "$work/spki64" "$work/$id.der" || fail keys "the key $id is not in strict base64"
  [ "$(sha256 <"$work/$id.der")" = "$id" ] || fail keys "the key $id is not the SHA-256 of its spki"
  if [ "$algorithm" = ECDSA_SHA_256 ]; then
    openssl pkey -pubin -inform DER -in "$work/$id.der" -out "$work/$id.pem" 2>/dev/null || fail keys "the key $id is no public key"
  else
    mldsa=$((mldsa + 1))
  fi
done < <(jq -r '.keys[] | "\(.keyid) \(.algorithm)"' "$keys")

reports="$dir"
if [ -d "$dir/v1/$chain/reports" ]; then reports="$dir/v1/$chain/reports"; elif [ -d "$dir/reports" ]; then reports="$dir/reports"; fi

# $1 sequence: the threshold of its policy, then its P-256 keys, then how many others it names.
policy() {
  jq -r --argjson n "$1" '
    ([.policy[] | select(.fromSequence <= $n)] | last) as $p
    | [.keys[] | select(.keyid as $k | $p.keyids | index($k)) | select(.validFromSequence <= $n and ($n <= (.validToSequence // $n)))] as $k
    | "\($p.threshold) \([$k[] | select(.algorithm != "ECDSA_SHA_256")] | length) \([$k[] | select(.algorithm == "ECDSA_SHA_256") | .keyid] | join(" "))"' "$keys"
}

type="application/vnd.in-toto+json"
before="" last="" count=0 pinned=""
for path in "$reports"/*; do
  [ -e "$path" ] || break
  # Where reports have a folder of their own, every file in it must be one.
  if [ "$reports" = "$dir" ] && [[ "$path" != *.dsse.json ]]; then continue; fi
  file="$(basename "$path")"
  [[ "$file" =~ ^[0-9]{10}\.dsse\.json$ ]] || fail file-name "is not named after its sequence"
  sequence=$((10#${file%%.*}))
  count=$((count + 1))

  [ -s "$path" ] || fail envelope "is empty"
  canonical="$(jq -cSj . "$path" 2>/dev/null | sha256)" || fail envelope "is no DSSE envelope"
  [ "$canonical" = "$(sha256 <"$path")" ] || fail canonical "is not spelled canonically: a member twice, or white space"
  said="$(jq -er 'select(keys == ["payload","payloadType","signatures"] and ([.signatures[] | keys == ["keyid","sig"]] | all))
    | "\(.payloadType) \(.signatures | map("\(.keyid):\(.sig)") | join(" "))"' "$path" 2>/dev/null)" || fail envelope "is no DSSE envelope"
  read -r -a signatures <<<"${said#* }"
  [ "${said%% *}" = "$type" ] || fail payload-type "holds another type than $type"
  jq -rj .payload "$path" >"$work/body64"
  decode "$work/body64" "$work/body" || fail base64 "holds base64 that is not in its one strict spelling"
  { printf 'DSSEv1 %d %s %d ' "${#type}" "$type" "$(wc -c <"$work/body")"; cat "$work/body"; } >"$work/pae"
  for ((n = 0; n < ${#signatures[@]}; n++)); do
    printf %s "${signatures[$n]#*:}" >"$work/sig64"
    decode "$work/sig64" "$work/sig.$n" || fail base64 "holds base64 that is not in its one strict spelling"
  done

  read -r threshold others trusted < <(policy "$sequence")
  signed=0
  for id in $trusted; do
    for ((n = 0; n < ${#signatures[@]}; n++)); do
      whole "$work/sig.$n" || continue
      openssl dgst -sha256 -verify "$work/$id.pem" -signature "$work/sig.$n" "$work/pae" >/dev/null 2>&1 || continue
      [ "${signatures[$n]%%:*}" = "$id" ] || fail key-id "a signature of key $id goes by another name"
      signed=$((signed + 1))
      break
    done
  done
  # Distinct keys count. Keys that are not P-256 are taken for signed here, and said to be unchecked at the end.
  need=$((threshold - others))
  if [ "$need" -lt 1 ] && [ -n "$trusted" ]; then need=1; fi
  [ "$signed" -ge "$need" ] || fail signature "$signed of the trusted P-256 keys signed it, and it takes $need"

  place="$(jq -er '.predicate.chain | "\(.sequence) \(.id) \(.previous.payloadSha256)"' "$work/body" 2>/dev/null)" || fail canonical "holds no JSON of a report"
  read -r says id previous <<<"$place"
  hash="$(sha256 <"$work/body")"
  [ "$says" = "$sequence" ] || fail sequence "is another report than its name says"
  [ "$id" = "$chain" ] || fail chain-id "belongs to another chain than the keys"
  if [ -z "$last" ] && [ -n "$start" ]; then
    [ "$sequence:$hash" = "$start" ] || fail start "is not the report that was pinned as the start"
  elif [ -z "$last" ]; then
    [ "$sequence" = 1 ] || fail start "is the first report at hand, and the chain begins with report 1"
    [ "$previous" = null ] || fail link "is report 1 and names a report before it"
  else
    [ "$sequence" = $((last + 1)) ] || fail sequence "report $((last + 1)) is missing before it"
    [ "$previous" = "$before" ] || fail link "was not made after report $last as it is here"
  fi
  if [ "$sequence:$hash" = "$head" ]; then pinned=yes; fi
  before="$hash" last="$sequence"
done

file="$reports"
[ "$count" -gt 0 ] || fail no-reports "there is no report to verify"
if [ -n "$head" ] && [ -z "$pinned" ]; then fail head "the pinned report ${head%%:*} is not here as it was: cut off, or written anew"; fi
echo "$count reports, the last $last:$before"
[ -n "$head" ] || echo "No --head given: a cut-off tail would not show."
if [ "$mldsa" -gt 0 ]; then
  echo "P-256 only, ML-DSA not checked"
  exit 4
fi
echo "OK: signatures (P-256), names, sequence and links. verify.mjs checks the rest."
