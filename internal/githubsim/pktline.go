package githubsim

import (
	"bytes"
	"errors"
	"fmt"
	"strconv"
	"strings"
)

// pkt frames a line for git's protocol.
func pkt(s string) string { return fmt.Sprintf("%04x%s", len(s)+4, s) }

// flushPkt ends a list of lines.
const flushPkt = "0000"

// errBadPkt says that a request is not git's protocol.
var errBadPkt = errors.New("bad packet line")

// nextPkt takes one line off data. flush is true, and the line empty, at the end of a list.
func nextPkt(data []byte) (line string, flush bool, rest []byte, err error) {
	if len(data) < 4 {
		return "", false, nil, errBadPkt
	}
	n, err := strconv.ParseUint(string(data[:4]), 16, 32)
	if err != nil || n > uint64(len(data)) || n > 0 && n < 4 {
		return "", false, nil, errBadPkt
	}
	if n == 0 {
		return "", true, data[4:], nil
	}
	return string(data[4:n]), false, data[n:], nil
}

// pushRequest is what a client sends to git-receive-pack.
type pushRequest struct {
	changes []refChange
	caps    map[string]bool
	pack    []byte // empty when refs only end
}

// parsePush reads the command list and leaves the pack. Lines about a shallow client need no
// attention: whether the new commits are complete is seen on the server.
func parsePush(data []byte) (pushRequest, error) {
	p := pushRequest{caps: map[string]bool{}}
	for {
		line, flush, rest, err := nextPkt(data)
		if err != nil {
			return p, err
		}
		data = rest
		if flush {
			p.pack = data
			return p, nil
		}
		line = strings.TrimSuffix(line, "\n")
		if strings.HasPrefix(line, "shallow ") {
			continue
		}
		command, caps, _ := strings.Cut(line, "\x00")
		for _, c := range strings.Fields(caps) {
			p.caps[c] = true
		}
		f := strings.SplitN(command, " ", 3)
		if len(f) != 3 || !isSHA(f[0]) || !isSHA(f[1]) {
			return p, errBadPkt
		}
		p.changes = append(p.changes, refChange{Ref: f[2], Old: f[0], New: f[1]})
	}
}

// pushReport is what becomes of a push: a reason for each refused ref, "" for the others.
type pushReport struct {
	unpack  string // "ok" or what was wrong with the pack
	reasons map[string]string
	remote  []string // lines that the client shows after "remote: "
}

// render writes the report as the client wants it.
func (r pushReport) render(p pushRequest) []byte {
	var status strings.Builder
	status.WriteString(pkt("unpack " + r.unpack + "\n"))
	for _, c := range p.changes {
		if reason := r.reasons[c.Ref]; reason != "" {
			status.WriteString(pkt("ng " + c.Ref + " " + reason + "\n"))
		} else {
			status.WriteString(pkt("ok " + c.Ref + "\n"))
		}
	}
	status.WriteString(flushPkt)
	if !p.caps["report-status"] && !p.caps["report-status-v2"] {
		status.Reset()
	}
	if !p.caps["side-band-64k"] {
		return []byte(status.String())
	}
	var out bytes.Buffer
	for _, l := range r.remote {
		out.WriteString(pkt("\x02" + l + "\n"))
	}
	for s := status.String(); s != ""; {
		n := min(len(s), 65515)
		out.WriteString(pkt("\x01" + s[:n]))
		s = s[n:]
	}
	out.WriteString(flushPkt)
	return out.Bytes()
}
