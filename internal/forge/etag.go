package forge

import (
	"bytes"
	"container/list"
	"io"
	"net/http"
	"sync"
)

const (
	maxKept    = 32 << 20 // bytes of answers that one installation's cache keeps
	maxKeptOne = 2 << 20  // a larger answer is not kept
)

// revalidating is a cache that always asks: it sends the ETag of the answer that
// it knows and gives that answer again when GitHub says 304, which costs nothing
// of the budget (docs.github.com, "Best practices for using the REST API"). Each
// installation has its own, so no answer crosses accounts.
type revalidating struct {
	base http.RoundTripper

	mu    sync.Mutex
	size  int
	order *list.List // of *kept, the last used first
	known map[string]*list.Element
}

// kept is an answer that may be given again.
type kept struct {
	key    string
	etag   string
	header http.Header
	body   []byte
}

func newRevalidating(base http.RoundTripper) *revalidating {
	return &revalidating{base: base, order: list.New(), known: map[string]*list.Element{}}
}

// RoundTrip implements http.RoundTripper.
func (c *revalidating) RoundTrip(req *http.Request) (*http.Response, error) {
	if req.Method != http.MethodGet || req.Header.Get("If-None-Match") != "" {
		return c.base.RoundTrip(req)
	}
	key := req.Header.Get("Accept") + " " + req.URL.String()
	old := c.find(key)
	if old != nil {
		req = req.Clone(req.Context())
		req.Header.Set("If-None-Match", old.etag)
	}
	resp, err := c.base.RoundTrip(req)
	switch {
	case err != nil:
		return nil, err
	case old != nil && resp.StatusCode == http.StatusNotModified:
		return old.again(resp), nil
	case resp.StatusCode == http.StatusOK && resp.Header.Get("ETag") != "":
		return c.keep(key, resp)
	}
	return resp, nil
}

func (c *revalidating) find(key string) *kept {
	c.mu.Lock()
	defer c.mu.Unlock()
	element := c.known[key]
	if element == nil {
		return nil
	}
	c.order.MoveToFront(element)
	return element.Value.(*kept)
}

// keep reads an answer whole, unless it is too large, and remembers it.
func (c *revalidating) keep(key string, resp *http.Response) (*http.Response, error) {
	body, err := io.ReadAll(io.LimitReader(resp.Body, maxKeptOne+1))
	if err != nil {
		_ = resp.Body.Close()
		return nil, err
	}
	if len(body) > maxKeptOne {
		resp.Body = rest{io.MultiReader(bytes.NewReader(body), resp.Body), resp.Body}
		return resp, nil
	}
	_ = resp.Body.Close()
	resp.Body = io.NopCloser(bytes.NewReader(body))
	c.add(&kept{key: key, etag: resp.Header.Get("ETag"), header: resp.Header.Clone(), body: body})
	return resp, nil
}

// add remembers an answer and forgets the least used ones beyond the bound.
func (c *revalidating) add(k *kept) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if old := c.known[k.key]; old != nil {
		c.forget(old)
	}
	c.known[k.key] = c.order.PushFront(k)
	c.size += len(k.body)
	for c.size > maxKept {
		c.forget(c.order.Back())
	}
}

func (c *revalidating) forget(element *list.Element) {
	k := c.order.Remove(element).(*kept)
	delete(c.known, k.key)
	c.size -= len(k.body)
}

// again is the kept answer in the place of a 304. An ETag need not cover the Link
// header, so a kept page may not know that another page has begun: pages does not
// rely on it.
func (k *kept) again(resp *http.Response) *http.Response {
	_ = resp.Body.Close()
	again := *resp
	again.Status, again.StatusCode = "200 OK", http.StatusOK
	again.Header = k.header.Clone()
	if link := resp.Header.Values("Link"); len(link) > 0 {
		again.Header["Link"] = link
	}
	again.Body = io.NopCloser(bytes.NewReader(k.body))
	again.ContentLength = int64(len(k.body))
	return &again
}

// rest is a body of which the beginning was read already.
type rest struct {
	io.Reader
	io.Closer
}
