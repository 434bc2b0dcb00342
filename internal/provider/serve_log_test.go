package provider

import (
	"bytes"
	"fmt"
	"io"
	"log"
	"net"
	"testing"

	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/ghl"
)

// net/http logs an answer that arrives before its request. The answer to a token exchange contains a token, and the engine
// would write the log line to the file in TF_LOG_PATH. The test is not parallel, because it changes the standard logger of the
// process.
//
//nolint:paralleltest // see above
func TestNothingIsLoggedOfAnAnswerAheadOfItsQuestion(t *testing.T) {
	var logged bytes.Buffer
	own := log.Writer()
	log.SetOutput(&logged)
	defer log.SetOutput(own)
	restore := silenceNetHTTP()
	address := eagerServer(t, `{"access_token":"minted-ahead","locationId":"loc-7"}`)
	for range 1000 {
		client, err := ghl.New(ghl.Config{BaseURL: "http://" + address, UserAgent: "test", AgencyAccessToken: "agency-token", CompanyID: "company"})
		if err != nil {
			t.Fatal(err)
		}
		_, _ = client.AccessToken(t.Context(), "loc-7")
	}
	if logged.Len() > 0 {
		t.Errorf("logged: %.300s", logged.String())
	}
	restore()
	if log.Print("heard"); !bytes.Contains(logged.Bytes(), []byte("heard")) {
		t.Error("the logger stays off")
	}
}

// eagerServer starts a server that answers as soon as a client connects, before a request.
func eagerServer(t *testing.T, body string) (address string) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.Close() })
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			go func() {
				defer func() { _ = c.Close() }()
				_, _ = fmt.Fprintf(c, "HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s", len(body), body)
				_, _ = io.Copy(io.Discard, c)
			}()
		}
	}()
	return l.Addr().String()
}
