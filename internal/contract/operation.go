package contract

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"

	"github.com/pb33f/libopenapi"
	"github.com/pb33f/libopenapi-validator/config"
	"github.com/pb33f/libopenapi-validator/errors"
	"github.com/pb33f/libopenapi-validator/parameters"
	"github.com/pb33f/libopenapi-validator/requests"
	"github.com/pb33f/libopenapi-validator/responses"
	v3 "github.com/pb33f/libopenapi/datamodel/high/v3"

	"github.com/hotfixbot/hotfixbot/internal/contract/pinned"
)

// operation judges the requests and answers of one operation. It is loaded when it is first
// used, from a document that holds nothing else: a few milliseconds instead of half a second for
// all of GitHub.
//
// The validator's parts are used one by one: made as a whole it would compile every schema of
// the operation at once, most of which no test ever meets. They are not said to be safe for
// concurrent use, so they are used under a lock.
type operation struct {
	path       string
	mu         sync.Mutex
	item       *v3.PathItem
	parameters parameters.ParameterValidator
	requests   requests.RequestBodyValidator
	responses  responses.ResponseBodyValidator
}

// loadOperation makes the judge of an operation out of its piece of a description.
func loadOperation(d *pinned.Document, version, method, path string, piece json.RawMessage) (*operation, error) {
	doc, err := libopenapi.NewDocument(assemble(d, version, method, path, piece))
	if err != nil {
		return nil, fmt.Errorf("%s %s: %w", method, path, err)
	}
	model, err := doc.BuildV3Model()
	if err != nil {
		return nil, fmt.Errorf("%s %s: %w", method, path, err)
	}
	options := validatorOptions()
	return &operation{
		path:       path,
		item:       model.Model.Paths.PathItems.GetOrZero(path),
		parameters: parameters.NewParameterValidator(&model.Model, options...),
		requests:   requests.NewRequestBodyValidator(&model.Model, options...),
		responses:  responses.NewResponseBodyValidator(&model.Model, options...),
	}, nil
}

// assemble writes an OpenAPI document of a single operation and what it refers to.
func assemble(d *pinned.Document, version, method, path string, piece json.RawMessage) []byte {
	components := d.Components(piece)
	for name, schema := range components["schemas"] {
		if better, err := corrected(name, schema); err == nil {
			components["schemas"][name] = better
		}
	}
	b, err := json.Marshal(map[string]any{
		"openapi":    version,
		"info":       map[string]string{"title": path, "version": "1"},
		"paths":      map[string]any{path: map[string]any{strings.ToLower(method): piece}},
		"components": components,
	})
	if err != nil {
		return nil // a piece that is not JSON; NewDocument refuses what is empty
	}
	return b
}

func validatorOptions() []config.Option {
	options := []config.Option{
		config.WithStrictMode(),
		config.WithFormatAssertions(),
		config.WithRejectUndeclaredRequestBody(),
		config.WithStrictIgnorePaths(freeProperties()...),
		config.WithStrictIgnoredHeadersExtra(undescribedHeaders()...),
	}
	for name, judge := range formats() {
		options = append(options, config.WithCustomFormat(name, judge))
	}
	return options
}

// request says what is wrong with a request, nothing if it is right. r is a copy that the check
// may spoil; its path has multi-segment parameters percent-encoded.
func (o *operation) request(r *http.Request, body []byte) []string {
	o.mu.Lock()
	defer o.mu.Unlock()
	r.Body = io.NopCloser(bytes.NewReader(body))
	r.ContentLength = int64(len(body))
	var found []*errors.ValidationError
	for _, check := range []func(*http.Request, *v3.PathItem, string) (bool, []*errors.ValidationError){
		o.parameters.ValidatePathParamsWithPathItem,
		o.parameters.ValidateQueryParamsWithPathItem,
		o.parameters.ValidateHeaderParamsWithPathItem,
		o.requests.ValidateRequestBodyWithPathItem,
	} {
		_, errs := check(r, o.item, o.path)
		found = append(found, errs...)
	}
	return sentences("request", found)
}

// answer says what is wrong with the answer to a request.
func (o *operation) answer(r *http.Request, status int, header http.Header, body []byte) []string {
	o.mu.Lock()
	defer o.mu.Unlock()
	answer := &http.Response{StatusCode: status, Header: header, Request: r, Body: io.NopCloser(bytes.NewReader(body))}
	_, errs := o.responses.ValidateResponseBodyWithPathItem(r, answer, o.item, o.path)
	return sentences("answer", errs)
}

// sentences makes one line of each thing that is wrong.
func sentences(what string, errs []*errors.ValidationError) []string {
	var lines []string
	for _, e := range errs {
		switch {
		case e.ValidationType == errors.StrictValidationType:
			lines = append(lines, oneLine(what+": "+e.Message)) // the reason lists all that is declared
		case len(e.SchemaValidationErrors) == 0:
			lines = append(lines, oneLine(what+": "+e.Message+": "+e.Reason))
		}
		for _, s := range e.SchemaValidationErrors {
			at := s.FieldPath
			if at == "" {
				at = "$" + e.ParameterName
			}
			lines = append(lines, oneLine(what+" "+at+": "+s.Reason))
		}
	}
	return lines
}

// oneLine keeps a message readable in a list of them.
func oneLine(s string) string {
	s = strings.Join(strings.Fields(s), " ")
	if len(s) > 500 {
		s = s[:500] + "…"
	}
	return s
}
